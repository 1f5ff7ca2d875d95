import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProofAnswer } from '../../bot/api/audit-shapes.ts';
import { parseCheckpoint } from '../../bot/audit/checkpoint.ts';
import { verifyInclusion } from '../../bot/audit/proof.ts';
import { runCli } from '../../bot/cli/program.ts';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import {
  channels,
  eventually,
  slackUser,
  startTestSystem,
  type TestSystem,
  type Thread,
  temporaryDirectory,
  textOf,
} from '../e2e/system.ts';
import { type KillablePostgres, type KillableTemporal, startKillablePostgres, startKillableTemporal } from './killable.ts';

/** Rows 6, 8 and 9 of the fault matrix, one after the other, on one incident of the whole system with a database and an engine of its own. */
/** Longer than any timeout of a connection; AWAY_SECONDS=30 as the matrix has it. */
const awayMs = Number(process.env['AWAY_SECONDS'] ?? 12) * 1_000;

interface EntryPage {
  readonly items: readonly { readonly seq: number; readonly leaf: string; readonly body: { readonly kind: string } }[];
}

let directory: string;
let postgres: KillablePostgres;
let temporal: KillableTemporal;
let thread: Thread;
let system: TestSystem;
beforeAll(async () => {
  directory = temporaryDirectory();
  postgres = await startKillablePostgres(join(directory, 'own-postgres'));
  temporal = await startKillableTemporal(directory);
  const env = {
    DATABASE_URL: postgres.url,
    DATABASE_MIGRATION_URL: postgres.migrationUrl,
    TEMPORAL_ADDRESS: temporal.address,
    PUBLIC_URL: 'https://wk.example',
  };
  system = await startTestSystem({ scenario: 'bad-rollout', directory, env });
});
afterAll(async () => {
  await system?.stop();
  await temporal?.close();
  await postgres?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Writes that took effect in the simulated estate: when. */
const writes = () => (system.parts.estate?.ledger() ?? []).filter(({ dryRun, exitCode }) => !dryRun && exitCode === 0).map(({ at }) => at);

function call(path: string, body?: object): Promise<Response> {
  const headers = { authorization: `Bearer ${system.adminToken}`, 'content-type': 'application/json' };
  return fetch(`${system.apiUrl}${path}`, body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) });
}

const audited = (kind: string) =>
  system
    .rows<{ at: Date }>('SELECT at FROM audit_entries WHERE kind = $1 ORDER BY id', [kind])
    .then((found) => found.map(({ at }) => at.getTime()));

test('9: Temporal away at a mention: it is acknowledged, said to be queued, and handled when the engine is back', async () => {
  temporal.kill();
  thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy.');
  await system.see('erin', thread, 'Queued: your request is stored');
  expect(await call('/readyz').then(({ status }) => status)).toBe(503);
  await temporal.start();
  await system.incident(thread, (_, plan) => plan?.state === 'pending');
  expect(await system.rows('SELECT FROM incidents')).toHaveLength(1);
});

test('8: Temporal kill -9 while a plan waits: the wait resumes', async () => {
  temporal.kill();
  await temporal.start();
  await eventually('readiness', async () => (await call('/readyz')).status === 200);
  // That it still waits is seen by what an approval does: in the next test.
  expect(await system.rows("SELECT FROM plans WHERE state = 'pending'")).toHaveLength(1);
});

test('6: Postgres away from the moment of an approval: nothing is written unaudited, and everything catches up', async () => {
  const alice = slackUser('alice');
  const card = await system.hands.until(alice, thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
  const clicked = system.hands.click(alice, card, 'plan.approve');
  await eventually('the approval', async () => (await audited('plan.approved')).length > 0);
  await postgres.kill();
  const killed = Date.now();
  await clicked;

  expect(await call('/readyz').then(({ status }) => status)).toBe(503);
  const refused = await call('/v1/incidents', { title: 'asked while the database is away' });
  expect([refused.status, await refused.json()]).toMatchObject([503, { detail: expect.stringMatching(/^The database is not available/) }]);
  await delay(awayMs - (Date.now() - killed));
  const meanwhile = writes();
  await postgres.start();
  const claimed = await audited('grant.claimed');
  // What was executed by now had its grant claimed, and that audited, before.
  expect(meanwhile.length).toBeLessThanOrEqual(claimed.length);

  const { incident, plan } = await system.incident(thread, ({ state }) => state === 'closed');
  expect([incident.outcome, plan?.state]).toEqual(['resolved', 'done']);
  const claims = await audited('grant.claimed');
  expect(writes()).toHaveLength(1);
  expect(claims).toHaveLength(1);
  expect(writes()[0]).toBeGreaterThanOrEqual(claims[0] ?? Number.POSITIVE_INFINITY);
  expect(await system.rows('SELECT FROM incidents')).toHaveLength(1);
});

/** A decision is on record at once, and in the signed log a moment later. */
async function allSigned(): Promise<void> {
  await eventually('the last signature', async () => {
    const [{ size } = { size: 0 }] = await system.rows<{ size: number }>('SELECT max(size)::int AS size FROM audit_checkpoints');
    return size === (await system.rows('SELECT FROM audit_entries')).length;
  });
}

test('each decision on the card leads to an entry that is proven to be in the signed log', async () => {
  await system.see('alice', thread, 'Done and verified', '|grant>');
  await system.see('alice', thread, 'Resolved and verified', '|proof>');
  await allSigned();
  const said = (await system.read('alice', thread)).map(textOf).join('\n');
  const ids = [...said.matchAll(/<https:\/\/wk\.example\/audit\/entries\/by-id\/([0-9a-f-]+)\|/g)].map(([, id]) => id ?? '');
  const linked = await Promise.all(
    ids.map(async (id) => ((await call(`/v1/audit/entries?id=${id}`).then((r) => r.json())) as EntryPage).items[0]),
  );
  expect(linked.map((entry) => entry?.body.kind).toSorted()).toEqual([
    'grant.claimed',
    'incident.closed',
    'plan.done',
    'step.done',
    'vote.recorded',
  ]);
  for (const entry of linked) {
    const proof = ProofAnswer.parse(await call(`/v1/audit/entries/${entry?.seq}/proof`).then((r) => r.json()));
    const root = parseCheckpoint(proof.checkpoint)?.root ?? '';
    expect(verifyInclusion({ index: proof.leafIndex, size: proof.treeSize, leaf: entry?.leaf ?? '', proof: proof.hashes, root })).toBe(
      true,
    );
  }
});

test('and its log is as it was signed, by an export and the public key alone', async () => {
  const out: string[] = [];
  const variables = { WATCHKEEPER_URL: system.apiUrl, WATCHKEEPER_TOKEN: system.adminToken };
  const run = (...argv: string[]) => runCli(argv, { line: (text) => out.push(text), note: (text) => out.push(text) }, variables);
  await allSigned();
  const file = join(directory, 'log.ndjson');
  const [{ origin } = { origin: '' }] = await system.rows<{ origin: string }>('SELECT origin FROM audit_log');
  const kept = join(directory, 'audit', 'checkpoints', `${origin.replaceAll('/', '-')}.ndjson`);
  expect(await run('audit', 'export', '-o', file)).toBe(0);
  expect(await run('audit', 'verify', file, '--key', join(directory, 'audit.key'), '--checkpoints', kept)).toBe(0);
  expect(out.join('\n')).toContain(`is as it was signed: ${(await system.rows('SELECT FROM audit_entries')).length} entries.`);
});
