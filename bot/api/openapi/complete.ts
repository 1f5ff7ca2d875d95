import { z } from 'zod';
import { ProblemDocument } from '../problem.ts';
import { bodyExamples } from './bodies.ts';
import { exampleOf, type Schema } from './example.ts';
import { textExamples } from './example-words.ts';
import { answerHeaders, headerParameters, parameterExamples } from './parameters.ts';
import { problemsOf, problemWords } from './problems.ts';

/** As much of an OpenAPI document as is completed here. */
interface Media {
  schema?: unknown;
  example?: unknown;
}
interface Answer {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, Media>;
}
type Ref = { readonly $ref: string };
interface Parameter {
  name: string;
  in: string;
  schema?: { readonly type?: string; readonly pattern?: string };
  example?: unknown;
}
export interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: (Parameter | Ref)[];
  requestBody?: { content: Record<string, Media> };
  responses?: Record<string, Answer | Ref>;
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, unknown>;
  tags?: { name: string; description: string }[];
}

/** What a route says of itself that is in no schema. */
export interface RouteNotes {
  readonly produces: readonly string[];
  readonly keyed: boolean;
}

const problemType = 'application/problem+json';
/** Writes that may name the state on which they rest. */
const matching = ['/v1/plans/{id}/votes', '/v1/plans/{id}/break-glass', '/v1/incidents/{id}/cancel'];

const ref = (kind: string, name: string): Ref => ({ $ref: `#/components/${kind}/${name}` });
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** GET /v1/incidents/{id}/alerts → getIncidentsByIdAlerts. */
function idOf(method: string, path: string): string {
  const words = path
    .replace(/^\/v1/, '')
    .split(/[/\-.]/)
    .filter((word) => word !== '');
  return method + words.map((word) => (word.startsWith('{') ? `By${capital(word.slice(1, -1))}` : capital(word))).join('');
}

function problemAnswer(status: number) {
  const { code, words } = problemWords[status] ?? { code: 'error', words: 'An error.' };
  const wait = status === 429 || status === 503;
  const example = {
    type: 'about:blank',
    title: words.split(/[.;:]/, 1)[0],
    status,
    detail: words,
    code,
    requestId: answerHeaders.requestId.example,
  };
  return {
    description: words,
    headers: { 'X-Request-Id': ref('headers', 'requestId'), ...(wait && { 'Retry-After': ref('headers', 'retryAfter') }) },
    content: { [problemType]: { schema: ref('schemas', 'Problem'), example } },
  };
}

function componentsWith(own: Record<string, unknown>) {
  const { $schema: _dialect, ...problem } = z.toJSONSchema(ProblemDocument);
  return {
    ...own,
    schemas: { Problem: problem },
    headers: answerHeaders,
    parameters: headerParameters,
    responses: Object.fromEntries(Object.keys(problemWords).map((status) => [`problem${status}`, problemAnswer(Number(status))])),
  };
}

function withExample(parameter: Parameter | Ref): Parameter | Ref {
  if ('$ref' in parameter) return parameter;
  const { type, pattern } = parameter.schema ?? {};
  const key =
    type === 'integer' || pattern?.includes('{64}') ? `${parameter.name}:${type === 'integer' ? 'integer' : 'hash'}` : parameter.name;
  return Object.hasOwn(parameterExamples, key) ? { ...parameter, example: parameterExamples[key] } : parameter;
}

/** An example, where it is not bytes. */
function withAnswer(type: string, media: Media): Media {
  const text = textExamples[type];
  if (type !== 'application/json') return text === undefined ? media : { ...media, example: text };
  return { ...media, example: exampleOf(media.schema as Schema) };
}

/** Success: with the headers that every one has, and the other media types of the route. */
function answered(answer: Answer, method: string, path: string, produces: readonly string[]): Answer {
  const v1 = path.startsWith('/v1/');
  const headers = {
    'X-Request-Id': ref('headers', 'requestId'),
    ...(v1 && { RateLimit: ref('headers', 'rateLimit') }),
    ...(v1 && method === 'get' && { ETag: ref('headers', 'etag') }),
  };
  const others = Object.fromEntries(produces.map((type) => [type, { schema: type.startsWith('image/png') ? {} : { type: 'string' } }]));
  const all = Object.entries({ ...answer.content, ...others });
  const content =
    answer.content === undefined ? undefined : Object.fromEntries(all.map(([type, media]) => [type, withAnswer(type, media)]));
  return { ...answer, headers, ...(content && { content }) };
}

function completed(path: string, method: string, operation: Operation, { produces, keyed }: RouteNotes): Operation {
  const v1 = path.startsWith('/v1/');
  const facts = { method, path, hasBody: operation.requestBody !== undefined, matches: matching.includes(path) };
  const successes = Object.entries(operation.responses ?? {}).map(([status, answer]) => [
    status,
    '$ref' in answer || Number(status) >= 300 ? answer : answered(answer, method, path, produces),
  ]);
  const headers = [
    ...(v1 && method === 'get' && path !== '/v1/auth' ? [ref('parameters', 'ifNoneMatch')] : []),
    ...(facts.matches ? [ref('parameters', 'ifMatch')] : []),
    ...(v1 && method === 'post' && keyed ? [ref('parameters', 'idempotencyKey')] : []),
  ];
  const example = bodyExamples[`${method} ${path}`];
  const json = operation.requestBody?.content['application/json'];
  if (json !== undefined && example !== undefined) json.example = example;
  return {
    ...operation,
    operationId: idOf(method, path),
    tags: [path.split('/')[v1 ? 2 : 1] ?? ''],
    ...(!v1 && { security: [] }),
    parameters: [...(operation.parameters ?? []).map(withExample), ...headers],
    responses: {
      ...Object.fromEntries(successes),
      ...(headers.some(({ $ref }) => $ref.endsWith('ifNoneMatch')) && { 304: { description: 'The caller has it.' } }),
      ...Object.fromEntries(problemsOf(facts).map((status) => [status, ref('responses', `problem${status}`)])),
    },
  };
}

/** Adds to what the schemas say: names, errors, headers and examples. `notes`: by method and path. */
export function complete(document: Document, notes: ReadonlyMap<string, RouteNotes>): Document {
  const paths = Object.entries(document.paths).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [
        method,
        completed(path, method, operation, notes.get(`${method} ${path}`) ?? { produces: [], keyed: false }),
      ]),
    ),
  ]);
  return { ...document, paths: Object.fromEntries(paths), components: componentsWith(document.components) };
}
