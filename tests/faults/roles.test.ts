import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseConfigFile } from '../../bot/config.ts';
import { createCore } from '../../bot/core.ts';
import type { RoleName } from '../../bot/roles/requirements.ts';
import { sandboxServices, sandboxSite } from '../../bot/sandbox/defaults.ts';
import { type Estate, startEstate } from '../../bot/sandbox/estate/estate.ts';
import { startTemporal } from '../../bot/sandbox/temporal.ts';
import type { Actor } from '../../bot/store/audit.ts';
import type { Store } from '../../bot/store/store.ts';
import { createTestDatabase, silent, type TestDatabase, testRedactor } from '../../bot/store/testing.ts';
import { createMetrics } from '../../bot/telemetry/metrics.ts';
import { generateGrantKeys } from '../../tools/grant-keys.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import { type Program, startProgram } from '../e2e/program.ts';
import { eventually } from '../e2e/system.ts';
import { annotated, annotations, writeAnnotating } from './annotations.ts';

/** Rows 1 to 4 of the fault matrix: each role is a process of its own, really killed; asserted from the estate's ledger and the record. */
const subject = 'alice-at-the-provider';
const people = [{ id: 'alice', name: 'Alice', roles: ['approver'], oidc: subject }];
/** Makes the tokens, and so counts as a requester: not the one who approves. */
const administrator: Actor = { kind: 'person', id: 'dave' };

let directory: string;
let db: TestDatabase;
let store: Store;
let temporal: Awaited<ReturnType<typeof startTemporal>>;
let estate: Estate;
let shared: Record<string, string>;
const programs: Program[] = [];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wk-roles-'));
  const cache = join(import.meta.dirname, '../../node_modules/.cache/watchkeeper-tests');
  mkdirSync(cache, { recursive: true });
  const engine = { dbFile: join(directory, 'temporal.db'), logFile: join(directory, 'temporal.log'), port: 0, progress: () => {} };
  [db, temporal, estate] = await Promise.all([
    createTestDatabase(),
    startTemporal({ ...engine, searchPath: process.env['PATH'] ?? '' }),
    startEstate({ dir: join(directory, 'estate'), scenario: 'bad-rollout', log: silent }),
  ]);
  store = db.store();
  const config = join(directory, 'watchkeeper.yaml');
  const held = { read: { env: 'KUBE_READ' }, write: { env: 'KUBE_WRITE' } };
  writeFileSync(
    config,
    stringify({
      slack: 'off',
      people,
      sites: [
        {
          ...sandboxSite(estate),
          kubernetes: { context: 'sandbox', kubeconfig: held },
          binaries: { ...estate.binaries, kubectl: slowKubectl() },
        },
      ],
      services: sandboxServices(),
    }),
  );
  const engineOf = { TEMPORAL_ADDRESS: temporal.address, PAYLOAD_KEY: 'ab'.repeat(32) };
  shared = { ...engineOf, WATCHKEEPER_CONFIG: config, WATCHKEEPER_DATA: cache, PORT: '0' };
});
afterAll(async () => {
  for (const { child } of programs) child.kill('SIGTERM');
  await Promise.all(programs.map(({ ended }) => ended));
  await Promise.all([estate.close(), temporal.close(), db.close()]);
  rmSync(directory, { recursive: true, force: true });
});

/** kubectl, whose undo waits for a minute before it does anything, in a program of its own, while there is a file `slow`. */
function slowKubectl(): string {
  const path = join(directory, 'kubectl');
  const wait = `echo $$ >> '${directory}/pids'; sleep 60 & echo $! >> '${directory}/pids'; wait`;
  const script = `case "$*" in *--dry-run*) ;; *'rollout undo'*) if [ -e '${directory}/slow' ]; then ${wait}; fi ;; esac`;
  writeFileSync(path, `#!/bin/sh\n${script}\nexec '${estate.binaries['kubectl']}' "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Of the programs that the slow kubectl noted: those that are alive. */
function slowOnes(): number[] {
  const file = join(directory, 'pids');
  if (!existsSync(file)) return [];
  const alive = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0] !== 'Z';
    } catch {
      return false;
    }
  };
  return readFileSync(file, 'utf8').trim().split('\n').filter(alive).map(Number);
}

interface Started {
  readonly program: Program;
  readonly url: string;
}

async function started(role: RoleName, variables: Readonly<Record<string, string>>): Promise<Started> {
  const program = startProgram(['serve', '--role', role], { ...shared, ...variables });
  programs.push(program);
  const line = await program.line(/^(.*the role runs.*)$/);
  return { program, url: (JSON.parse(line) as { url: string | null }).url ?? '' };
}

async function killed({ program }: Started): Promise<void> {
  program.child.kill('SIGKILL');
  await program.ended;
}

/** What a runner alone has: its credentials, which it writes into files below a temporary directory. */
function runnerOnly(): Record<string, string> {
  const temporary = join(directory, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const { read, write } = estate.kubeconfig;
  return { KUBE_READ: readFileSync(read, 'utf8'), KUBE_WRITE: readFileSync(write, 'utf8'), TMPDIR: temporary };
}

/** Files with credentials that runners wrote. */
const written = () =>
  readdirSync(join(directory, 'tmp'), { recursive: true, encoding: 'utf8' }).filter((name) => /kubeconfig\.(read|write)-/.test(name));

/** The one vote path, as the API calls it for somebody who signed in. */
async function approve(incidentId: string): Promise<void> {
  const { file } = parseConfigFile(stringify({ people }), 'test');
  const parts = { file, redactor: testRedactor, sinks: [], metrics: createMetrics('test'), issuer: null, log: silent };
  const core = await createCore({ ...parts, databaseUrl: db.url, env: { WATCHKEEPER_DATA: directory } });
  const [stored] = await store.plans.listForIncident(incidentId);
  const request = {
    planId: stored?.plan.id ?? '',
    requestHash: stored?.requestHash ?? '',
    verdict: 'approve' as const,
    reason: null,
    channel: 'api' as const,
  };
  expect(await core.votes.cast({ ...request, who: { kind: 'oidc', subject } })).toMatchObject({
    kind: 'recorded',
    decided: 'approved',
  });
  await core.close();
}

interface Roles {
  readonly bot: Started;
  readonly worker: Started;
  readonly runner: Started;
  startWorker(): Promise<Started>;
  startRunner(): Promise<Started>;
  /** The incident that was opened. */
  readonly id: string;
}

/** All three roles, and an incident. */
async function rolesWithIncident(name: string, variables: Readonly<Record<string, string>> = {}): Promise<Roles> {
  const { privateKey, publicKey } = await generateGrantKeys();
  const scopes = ['observations:write', 'grants:claim', 'read', 'incidents:write'];
  const { secret: token } = await store.tokens.create({ name, scopes, expiresAt: null }, administrator);
  const bot = await started('bot', { ...variables, DATABASE_URL: db.url });
  const url = new URL(bot.url);
  url.hostname = '127.0.0.1';
  const startWorker = () => started('worker', { ...variables, DATABASE_URL: db.url, GRANT_SIGNING_KEY: privateKey });
  const ofRunner = { ...runnerOnly(), WATCHKEEPER_URL: url.href, WATCHKEEPER_TOKEN: token, GRANT_VERIFY_KEYS: publicKey };
  const startRunner = () => started('runner', { ...variables, ...ofRunner });
  const [worker, runner] = await Promise.all([startWorker(), startRunner()]);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ title: 'checkout fails', service: 'checkout' });
  const { id } = (await (await fetch(new URL('/v1/incidents', url), { method: 'POST', headers, body })).json()) as { id: string };
  await eventually('a plan that waits', async () => (await store.incidents.get(id)).state === 'awaiting_approval');
  return { bot, worker, runner, startWorker, startRunner, id };
}

const planOf = async (id: string) => (await store.plans.listForIncident(id)).at(-1);

function closed(id: string): Promise<Incident> {
  const ask = async () => {
    const incident = await store.incidents.get(id);
    return incident.state === 'closed' && incident;
  };
  return eventually('the end', ask, 120_000);
}

/**
 * Until the estate is as wanted, and no answer has left it: it is part of this process, and this is seen in the same turn.
 * With a limit of its own, as nothing else of this process runs between two looks.
 */
async function atOnce(what: string, wanted: () => boolean): Promise<void> {
  for (const end = Date.now() + 120_000; !wanted(); await turn()) if (Date.now() > end) throw new Error(`${what}: not within two minutes`);
}

const undos = () => estate.ledger().filter(({ argv, dryRun }) => argv.includes('undo') && !dryRun);
const audited = async (kind: string, planId: string) => (await store.audit.list({ kind, planId }, 0, 100)).map(({ data }) => data);

test('2: runner killed in the middle of a step: its programs end with it, nothing is done twice, and a person is told what is not known', async () => {
  const { bot, worker, runner, startRunner, id } = await rolesWithIncident('middle');
  writeFileSync(join(directory, 'slow'), '');
  await approve(id);
  await eventually('the program of the step', async () => slowOnes().length === 2);
  await killed(runner);
  await eventually('the end of its programs', async () => slowOnes().length === 0);
  const left = written();
  expect(left).not.toEqual([]);
  // Whatever is executed from now on takes effect at once.
  rmSync(join(directory, 'slow'));
  const next = await startRunner();
  expect(written().filter((name) => left.includes(name))).toEqual([]);
  const { outcome } = await closed(id);
  const plan = await planOf(id);
  expect(outcome).toBe('failed');
  // Asked after the end of the program: the target is as it was, and what was not done is not undone.
  expect(undos()).toEqual([]);
  expect(await audited('grant.claimed', plan?.plan.id ?? '')).toHaveLength(1);
  expect(plan?.steps).toMatchObject([
    {
      state: 'rollback_failed',
      before: expect.any(String),
      output: null,
      reason: expect.stringMatching(/^the target is not as the step left it/),
    },
  ]);
  for (const role of [next, worker, bot]) await killed(role);
}, 300_000);

test('4: worker and runner killed in the middle of a rollback: it resumes, and every step is undone once, in reverse order', async () => {
  const config = join(directory, 'annotating.yaml');
  const playbooks = { directory: writeAnnotating(directory, { step: 4, within: 1 }) };
  writeFileSync(config, `${readFileSync(shared['WATCHKEEPER_CONFIG'] ?? '', 'utf8')}${stringify({ playbooks })}`);
  const { bot, worker, runner, startWorker, startRunner, id } = await rolesWithIncident('rollback', { WATCHKEEPER_CONFIG: config });
  const done = () => annotations(estate.ledger());
  await approve(id);
  await atOnce('the second undo', () => done().length === 6);
  await Promise.all([killed(worker), killed(runner)]);
  const undone = (name: string) => `${name}-`;
  const forward = annotated.slice(0, 4);
  const backward = forward.toReversed().map(undone);
  expect(done()).toEqual([...forward, ...backward.slice(0, 2)]);
  const states = async () => (await planOf(id))?.steps.map(({ state }) => state);
  expect(await states()).toEqual(['done', 'done', 'done', 'rolled_back', 'pending']);
  const again = await Promise.all([startWorker(), startRunner()]);

  expect((await closed(id)).outcome).toBe('rolled_back');
  expect(done()).toEqual([...forward, ...backward]);
  const plan = await planOf(id);
  expect(plan).toMatchObject({ state: 'rolled_back' });
  expect(await states()).toEqual(['rolled_back', 'rolled_back', 'rolled_back', 'rolled_back', 'pending']);
  for (const step of plan?.steps.slice(0, 4) ?? []) expect(step).toMatchObject({ rollbackVerification: expect.any(String) });
  expect(await audited('grant.claimed', plan?.plan.id ?? '')).toHaveLength(8);
  expect((await audited('step.rolled_back', plan?.plan.id ?? '')).map((data) => data['step'])).toEqual(['s4', 's3', 's2', 's1']);
  for (const role of [...again, bot]) await killed(role);
}, 300_000);

test('1, 3: worker killed before the step, runner killed after its effect and before its answer: one effect, found by a probe', async () => {
  const { worker, runner, startWorker, startRunner, id } = await rolesWithIncident('test');

  await killed(worker);
  await approve(id);
  expect(undos()).toEqual([]);
  await startWorker();
  await atOnce('the step', () => undos().length > 0);
  await killed(runner);
  expect((await planOf(id))?.steps).toMatchObject([{ state: 'running', output: null }]);
  await startRunner();

  expect((await closed(id)).outcome).toBe('resolved');
  const plan = await planOf(id);
  expect(plan).toMatchObject({ state: 'done', steps: [{ state: 'done', output: expect.any(String), verification: expect.any(String) }] });
  expect(undos()).toHaveLength(1);
  expect(await audited('grant.claimed', plan?.plan.id ?? '')).toHaveLength(1);
  expect(await audited('grant.burnt', plan?.plan.id ?? '')).toMatchObject([{ unused: 'no' }]);
}, 300_000);
