import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { HttpSettings } from '../../bot/api/conduct/settings.ts';
import { createAuthenticator, Scope } from '../../bot/api/principal.ts';
import { createTestApi, type TestApi } from '../../bot/api/testing.ts';
import { seed } from '../../bot/store/fixtures.ts';
import { findBinaries } from '../../tools/binaries.ts';

/** The API against its own description: schemathesis makes requests from it, right and wrong ones, and holds every answer against it. */

/** Milliseconds; a minute where nothing else runs. */
const mostMs = 600_000;

/** Made up. No row of the database, so that no request can revoke it. */
const token = 'wk_fuzz';
const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-schemathesis-'));
let api: TestApi;
let url: string;
beforeAll(async () => {
  api = await createTestApi(async (_db, store) => {
    const others = createAuthenticator(store.tokens, null);
    const fuzzer = { kind: 'service_token', id: 'fuzz', scopes: Scope.options, sites: null, operations: null } as const;
    return {
      authenticate: async (authorization) => (authorization === `Bearer ${token}` ? fuzzer : others(authorization)),
      http: HttpSettings.parse({ limits: { perCaller: 1_000_000, perAddress: 1_000_000 } }),
    };
  });
  url = await api.api.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await api.close();
  rmSync(dir, { recursive: true });
});

/** What is read of it; a parameter that stands elsewhere has neither name nor place. */
const Parameter = z.object({
  name: z.string().optional(),
  in: z.string().optional(),
  schema: z.object({ type: z.string().optional() }).optional(),
});
const Operation = z.object({ parameters: z.array(Parameter).default([]) });
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });
type Document = z.infer<typeof Document>;

/** Patterns of paths with a cursor, or a number in the path. */
function vague({ paths }: Document): readonly string[] {
  const found = Object.entries(paths).filter(([, operations]) =>
    Object.values(operations).some(({ parameters }) =>
      parameters.some(({ name, in: place, schema }) => name === 'cursor' || (place === 'path' && schema?.type === 'integer')),
    ),
  );
  return found.map(([path]) => path.replaceAll(/[{}]/g, '.'));
}

/**
 * A refusal for what is in the database, or is not, is no refusal of the form: 404, 409, 410, 412, 422, 503. Of lists and of questions to
 * policy the schema cannot say all: a cursor that we did not make, and a window that ends before it starts, are 400. So is
 * `null`, which schemathesis takes for a number in a path.
 */
const settings = (document: Document, incident: string, plan: string) => `
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 304, 403, 404, 409, 410, 412, 422, 503]

[[operations]]
include-path-regex = "^(${vague(document).join('|')})$"
checks.positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 403, 404, 409, 410, 412, 422, 503]

[[operations]]
include-path = "/v1/policy/evaluate"
checks.positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 403, 404, 409, 410, 412, 422, 503]
phases.coverage.enabled = false

[phases.coverage]
unexpected-methods = ["PUT", "TRACE"]

[[operations]]
include-path-regex = "^/v1/incidents/.id."
parameters = { "path.id" = "${incident}" }

[[operations]]
include-path-regex = "^/v1/plans/.id."
parameters = { "path.id" = "${plan}" }
`;

function run(program: string, argv: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { cwd: dir, timeout: mostMs, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text;
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

test('every answer is as the OpenAPI document says, and what it forbids is refused', { timeout: mostMs + 10_000, retry: 0 }, async () => {
  const { schemathesis } = await findBinaries(['schemathesis'], process.env['PATH'] ?? '');
  if (schemathesis === undefined)
    throw new Error(
      'schemathesis is not on PATH: run `.ci/real-peers.sh schemathesis` (needs Python 3 with venv), and put the cache’s bin on PATH',
    );
  const { incident, plan } = await seed(api.store);
  const headers = { authorization: `Bearer ${token}` };
  const document: unknown = await (await fetch(`${url}/v1/openapi.json`, { headers })).json();
  const config = join(dir, 'schemathesis.toml');
  writeFileSync(config, settings(Document.parse(document), incident.id, plan.id));
  const { code, output } = await run(schemathesis, [
    ...['--config-file', config, 'run', `${url}/v1/openapi.json`, '--header', `Authorization: Bearer ${token}`],
    ...['--checks', 'all', '--phases', 'examples,coverage,fuzzing', '--max-examples', '4', '--seed', '20260101'],
    ...['--continue-on-failure', '--warnings', 'off', '--no-color', '--request-timeout', '20'],
  ]);
  const faults = api.controls.logged.filter((line) => line.includes('"level":50'));
  expect(faults).toEqual([]);
  expect(code, output.slice(-20_000)).toBe(0);
});
