import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, expect, test } from 'vitest';
import { openApiDocument } from '../../bot/api/openapi/document.ts';
import { unknownText } from '../../bot/api/openapi/example.ts';

const committed = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

interface Media {
  readonly schema: object;
  readonly example?: unknown;
}
interface Operation {
  readonly summary?: string;
  readonly operationId: string;
  readonly parameters: readonly { readonly name?: string; readonly schema: object; readonly example?: unknown }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

let served: {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, { content: Record<string, Media> }> };
};
let operations: (readonly [string, Operation])[];
beforeAll(async () => {
  served = JSON.parse(JSON.stringify(await openApiDocument()));
  operations = Object.entries(served.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
});

test('the committed document is what the program serves: npx watchkeeper config openapi > docs/openapi.json', () => {
  expect(committed).toEqual(served);
});

test('it is valid against the schema of OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(served);
  expect([valid, errors]).toEqual([true, undefined]);
  const broken = await new Validator().validate({ ...served, paths: { '/x': { get: { responses: 'none' } } } });
  expect(broken.valid).toBe(false);
});

test('every route is named and summed up, and says what may go wrong', () => {
  expect(operations.filter(([, { summary }]) => summary === undefined).map(([name]) => name)).toEqual([]);
  expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(operations.length);
  const v1 = operations.filter(([name]) => name.includes(' /v1/') && !name.endsWith('/v1/auth'));
  expect(v1.length).toBeGreaterThan(35);
  for (const [name, { responses }] of v1)
    expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['400', '401', '403', '406', '429', '500', '503'])]);
});

/** A single answer of success without an example is bytes, or has no body. */
test('every answer of success has an example, in each of its media types', () => {
  const answers = operations.flatMap(([name, { responses }]) =>
    Object.entries(responses).flatMap(([status, answer]) => {
      const { content = {} } = answer as { content?: Record<string, Media> };
      return status.startsWith('2') ? Object.entries(content).map(([type, media]) => ({ name: `${name} ${type}`, media })) : [];
    }),
  );
  expect(answers.length).toBeGreaterThan(45);
  expect(answers.filter(({ media }) => media.example === undefined).map(({ name }) => name)).toEqual([
    'get /v1/incidents/{id}/evidence image/png',
  ]);
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  const wrong = answers.flatMap(({ name, media }) =>
    media.example === undefined || ajv.validate({ ...served, ...media.schema }, media.example) ? [] : [`${name}: ${ajv.errorsText()}`],
  );
  expect(wrong).toEqual([]);
  // A field that no word is known for: bot/api/openapi/example-words.ts.
  const unknown = JSON.stringify(served).split(`"${unknownText}"`).slice(0, -1);
  expect(unknown.map((before) => /"(\w+)":\[?$/.exec(before)?.[1])).toEqual([]);
  // Lists show what is in them.
  const lists = answers.filter(({ media }) => Array.isArray((media.example as { items?: unknown } | null)?.items));
  expect(lists.length).toBeGreaterThan(12);
  for (const { name, media } of lists) expect([name, (media.example as { items: unknown[] }).items]).toEqual([name, [expect.anything()]]);
});

test('every example is one: bodies, parameters and problems', () => {
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  const wrong = (schema: object, example: unknown) => (ajv.validate({ ...served, ...schema }, example) ? [] : [ajv.errorsText()]);
  const bodies = operations.flatMap(([name, { requestBody }]) =>
    Object.values(requestBody?.content ?? {}).flatMap(({ schema, example }) =>
      example === undefined ? [] : wrong(schema, example).map((text) => `${name}: ${text}`),
    ),
  );
  const parameters = operations.flatMap(([name, operation]) =>
    operation.parameters.flatMap((one) =>
      one.name === undefined || one.example === undefined
        ? []
        : wrong(one.schema, one.example).map((text) => `${name} ${one.name}: ${text}`),
    ),
  );
  const problems = Object.entries(served.components.responses).flatMap(([name, { content }]) =>
    Object.values(content).flatMap(({ schema, example }) => wrong(schema, example).map((text) => `${name}: ${text}`)),
  );
  expect([...bodies, ...parameters, ...problems]).toEqual([]);
});
