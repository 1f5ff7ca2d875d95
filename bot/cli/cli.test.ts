import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../api/testing.ts';
import { freePort } from '../sandbox/free-port.ts';
import { findingOf, seed } from '../store/fixtures.ts';
import { createTestDatabase } from '../store/testing.ts';
import { runCli } from './program.ts';

let t: TestApi;
let url: string;
beforeAll(async () => {
  t = await createTestApi();
  url = await t.api.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => t.close());

interface Ran {
  readonly status: number;
  /** Standard output. */
  readonly out: string;
  readonly notes: string;
}

async function run(argv: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const out: string[] = [];
  const notes: string[] = [];
  const status = await runCli(argv, { line: (text) => out.push(text), note: (text) => notes.push(text) }, variables);
  return { status, out: out.join('\n'), notes: notes.join('\n') };
}

const cli = (...argv: string[]) => run(argv, { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: t.admin });

describe('incidents', () => {
  test('are opened, listed, shown and cancelled', async () => {
    const asked = await cli('ask', 'checkout is slow\nsince noon', '--service', 'checkout', '--site', 'shop', '--json');
    const incident = JSON.parse(asked.out);
    expect(incident).toMatchObject({ title: 'checkout is slow', service: 'checkout', site: 'shop', state: 'queued', outcome: null });
    expect((await cli('incidents')).out).toContain('checkout is slow');
    expect((await cli('incident', 'show', incident.id)).out).toMatch(/State +queued/);
    expect(await cli('cancel', incident.id)).toMatchObject({ status: 0 });
  });

  test('that do not exist are refused in the words of the API', async () => {
    expect(await cli('incident', 'show', '../plans')).toEqual({ status: 1, out: '', notes: 'watchkeeper: There is no incident ../plans.' });
  });
});

describe('plans', () => {
  test('are shown with what would run and the hash that an approval names', async () => {
    const { plan, requestHash } = await seed(t.store);
    const { out } = await cli('plan', 'show', plan.id);
    expect(out).toContain('kubectl rollout undo deployment/checkout --to-revision=2');
    expect(out).toContain(requestHash);
  });

  test('say when the same was tried before and did not help', async () => {
    const past = await seed(t.store);
    const tried = { causes: ['image_pull_failure'], entities: ['shop/shop/checkout'], operations: [past.plan.steps[0]?.operation ?? ''] };
    const words = { title: 'checkout is down', cause: 'a release', fix: 'Return checkout', service: null, site: null };
    await t.store.memories.remember({ incidentId: past.incident.id, outcome: 'failed', at: new Date().toISOString(), ...words, ...tried });
    const { plan, incident, before } = await seed(t.store);
    await t.store.findings.save(incident.id, [findingOf(before)]);
    expect((await cli('plan', 'show', plan.id)).out).toMatch(/did not help:\n.*Return checkout: it failed \(incident /);
  });

  test('a vote names the hash of the plan, and a refusal comes in the words of the API', async () => {
    const { plan, requestHash } = await seed(t.store);
    expect(await cli('approve', plan.id, '--reason', 'looks right')).toEqual({
      status: 1,
      out: '',
      notes: 'watchkeeper: Service tokens do not vote.',
    });
    expect(t.controls.asked.at(-1)).toMatchObject({ planId: plan.id, requestHash, verdict: 'approve', reason: 'looks right' });
    await cli('reject', plan.id);
    expect(t.controls.asked.at(-1)).toMatchObject({ verdict: 'reject', reason: null });
  });
});

test('dead letters are listed with what waits, and sent again', async () => {
  await seed(t.store);
  await t.db.force(
    "UPDATE outbox SET state = 'refused', batch = decision_id, last_error = 'unknown team' WHERE kind = 'plan.proposed' AND sink = 'linear'",
  );
  const { out } = await cli('outbox', 'list', '--state', 'refused');
  expect(out).toMatch(/^linear +\d+ waiting +\d+ refused +oldest \d+ s$/m);
  expect(out).toMatch(/^\d+ +linear +refused +0× +plan\.proposed +\S+ +unknown team$/m);
  const [dead] = JSON.parse((await cli('outbox', 'list', '--state', 'refused', '--json')).out).items;
  expect(await cli('outbox', 'retry', String(dead.id))).toMatchObject({ status: 0, out: `Sent again: ${dead.id}.` });
  expect(await cli('outbox', 'retry', String(dead.id))).toMatchObject({
    status: 1,
    notes: `watchkeeper: There is no dead letter ${dead.id}.`,
  });
});

test('tools are listed and described; an unknown one is said to be unknown', async () => {
  expect((await cli('tools', 'list')).out).toMatch(/kubernetes\.rollout_undo +medium/);
  expect((await cli('tools', 'describe', 'kubernetes.rollout_restart')).out).toMatch(/Rollback +no: /);
  expect(await cli('tools', 'describe', 'rm')).toMatchObject({ status: 1, notes: expect.stringContaining('no operation rm') });
});

test('the first token of an installation is made in the database, and is audited', async () => {
  const database = await createTestDatabase();
  try {
    const made = await run(['token', 'create', 'first', '--scope', 'tokens:admin', '--database'], { DATABASE_URL: database.url });
    expect(made.status).toBe(0);
    expect(await database.store().tokens.verify(made.out)).toMatchObject({ name: 'first', scopes: ['tokens:admin'] });
    const entries = await database.store().audit.list({ kind: 'service_token.created' }, 0, 10);
    expect(entries.map(({ body }) => body.actor)).toEqual([{ kind: 'system', id: 'command line' }]);
  } finally {
    await database.close();
  }
  const without = await run(['token', 'create', 'first', '--scope', 'read', '--database']);
  expect(without).toMatchObject({ status: 1, notes: expect.stringContaining('DATABASE_URL is not set') });
});

test('a token is made, listed without its secret, and opens nothing once revoked', async () => {
  const { out: secret, notes } = await cli('token', 'create', 'ci', '--scope', 'read', '--days', '1');
  const [, id = ''] = /Token (\S+) is valid/.exec(notes) ?? [];
  const use = () => run(['incidents'], { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: secret });
  expect((await use()).status).toBe(0);
  const listed = await cli('token', 'list');
  expect(listed.out).toContain(id);
  expect(listed.out).not.toContain(secret);
  expect((await cli('token', 'revoke', id)).status).toBe(0);
  expect(await use()).toMatchObject({ status: 4, notes: expect.stringMatching(/not valid.*\n.*watchkeeper login/) });
});

describe('exit status', () => {
  test.each([
    [['--help'], 0],
    [['plan', 'show', '--help'], 0],
    [['frobnicate'], 2],
    [['incident', 'show'], 2],
    [['ask', '  '], 2],
    [['incidents', '--limit', '0'], 2],
    [['token', 'create', 'x', '--scope', 'everything'], 2],
    [['serve'], 2],
    [['serve', '--role', 'king'], 2],
    [['up', '--vote', 'alice'], 2],
    [['incidents'], 1],
  ] as const)('%j → %i', async (argv, status) => {
    expect((await run(argv)).status).toBe(status);
  });
});

test('what is missing is listed at once, and an API that is away is said to be away', async () => {
  expect((await run(['incidents'])).notes).toMatch(/WATCHKEEPER_URL[\s\S]+WATCHKEEPER_TOKEN/);
  const away = `http://127.0.0.1:${await freePort()}`;
  expect(await run(['incidents'], { WATCHKEEPER_URL: away, WATCHKEEPER_TOKEN: 'wk_made-up' })).toMatchObject({
    status: 3,
    notes: expect.stringMatching(
      /^watchkeeper: 127\.0\.0\.1:\d+ cannot be reached: nothing listens there\nWhich server is asked: .*watchkeeper doctor/,
    ),
  });
});

test('migrate brings a database to the newest schema, and may be repeated', async () => {
  const variables = { DATABASE_MIGRATION_URL: t.db.migrationUrl };
  expect(await run(['migrate', '--json'], variables)).toMatchObject({ status: 0, out: '{"applied":[]}' });
  expect((await run(['migrate'])).notes).toContain('DATABASE_MIGRATION_URL is not set');
  await t.db.force("DELETE FROM schema_migrations WHERE name = '0040_proven_deliveries'");
  const refused = await run(['migrate'], variables);
  expect([refused.status, refused.notes]).toEqual([
    1,
    expect.stringContaining('Stop all roles, run this again, and start the new version'),
  ]);
  expect((await run(['doctor'], { DATABASE_URL: t.db.url })).out).toMatch(
    /problem {2}Postgres: holds an older schema .*\n.*stop all roles/,
  );
  await t.db.force("INSERT INTO schema_migrations (name, run_on) VALUES ('0040_proven_deliveries', now()), ('9999_later', now())");
  expect((await run(['doctor'], { DATABASE_URL: t.db.url })).out).toContain(
    'problem  Postgres: holds a newer schema than this program knows',
  );
  await t.db.force("DELETE FROM schema_migrations WHERE name = '9999_later'");
});

test('doctor says of each part whether it answers, and what to do', async () => {
  const good = await run(['doctor', '--json'], { DATABASE_URL: t.db.url });
  expect(JSON.parse(good.out)).toContainEqual({
    name: 'Postgres',
    ok: true,
    detail: 'answers, and has the schema of this version',
    todo: null,
  });
  expect(good.status).toBe(0);
  expect(JSON.parse(good.out)).toContainEqual({ name: 'policy', ok: true, detail: 'built in: policy.bundle is not set', todo: null });
  const bad = await run(['doctor'], {
    DATABASE_URL: 'postgres://app:made-up-password@127.0.0.1:1/x',
    TEMPORAL_ADDRESS: 'nowhere',
    PORT: '99999',
  });
  expect(bad.status).toBe(1);
  expect(bad.out).toMatch(/problem {2}configuration: environment TEMPORAL_ADDRESS[\s\S]+problem {2}configuration: environment PORT/);
  const away = await run(['doctor'], { DATABASE_URL: 'postgres://app:made-up-password@127.0.0.1:1/x' });
  expect(away.out).toContain('problem  Postgres: the database is not available: unreachable');
  expect(away.out).not.toContain('made-up-password');
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-doctor-'));
  const config = join(directory, 'watchkeeper.yaml');
  writeFileSync(config, 'policy: { bundle: /nowhere }\n');
  const lost = await run(['doctor'], { WATCHKEEPER_CONFIG: config });
  rmSync(directory, { recursive: true });
  expect(lost.out).toContain('problem  policy: the bundle in /nowhere may not decide: /nowhere/policy.wasm cannot be read (ENOENT)');
});

test('doctor says whether the receiver of checkpoints lets us in, and whether the log is signed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-doctor-'));
  const config = join(directory, 'watchkeeper.yaml');
  await t.db.force(`
    INSERT INTO audit_entries (at, kind, actor, body, leaf)
    VALUES (now() - interval '1 hour', 'test.old', 'person:alice', '\\x00', sha256('\\x0000'))
  `);
  const doctor = async (path: string) => {
    writeFileSync(config, `audit: { checkpoints: { http: { url: "${url}${path}" } } }\n`);
    const variables = { WATCHKEEPER_CONFIG: config, AUDIT_SIGNING_KEY: 'made up', AUDIT_CHECKPOINTS_TOKEN: 'made-up-token' };
    return (await run(['doctor'], { ...variables, DATABASE_URL: t.db.url })).out;
  };
  expect(await doctor('/healthz')).toContain(`ok       audit checkpoints: ${url}/healthz answers`);
  const refused = await doctor('/v1/incidents');
  expect(refused).toContain(`problem  audit checkpoints: ${url}/v1/incidents answers 401: the token is missing, or not accepted there`);
  expect(refused).toMatch(/problem {2}audit key: .*\n.*openssl genpkey/);
  expect(refused).toMatch(/problem {2}audit log: 0 entries are signed, \d+ wait, since .*\n.*serve --role mirror/);
  expect(await doctor('/nowhere')).toContain('/nowhere answers 404');
  await t.db.force(`INSERT INTO audit_deliveries (receiver, size) VALUES ('${url}/healthz', 1000000)`);
  expect(await doctor('/healthz')).toMatch(/problem {2}audit deliveries: .* the checkpoint of 1000000 entries, which the log has not/);
  rmSync(directory, { recursive: true });
});

test("the package's program starts on its own, with the exit status of the command", async () => {
  const program = join(import.meta.dirname, '../watchkeeper.mjs');
  const status = await new Promise((resolve) => execFile(process.execPath, [program, 'frobnicate'], (error) => resolve(error?.code ?? 0)));
  expect(status).toBe(2);
});
