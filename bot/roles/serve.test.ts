import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { generateGrantKeys } from '../../tools/grant-keys.ts';
import { IncidentAnswer, PlanAnswer } from '../api/shapes.ts';
import { sandboxServices, sandboxSite } from '../sandbox/defaults.ts';
import { type Estate, startEstate } from '../sandbox/estate/estate.ts';
import { startTemporal } from '../sandbox/temporal.ts';
import { alice } from '../store/fixtures.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import type { RoleName } from './requirements.ts';

const main = join(import.meta.dirname, '../main.ts');
const cache = join(import.meta.dirname, '../../node_modules/.cache/watchkeeper-tests');

type Variables = Readonly<Record<string, string>>;

let directory: string;
let db: TestDatabase;
let temporal: Awaited<ReturnType<typeof startTemporal>>;
let estate: Estate;
let shared: Variables;
const children: ChildProcess[] = [];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wk-serve-'));
  mkdirSync(cache, { recursive: true });
  [db, temporal, estate] = await Promise.all([
    createTestDatabase(),
    startTemporal({
      dbFile: join(directory, 'temporal.db'),
      logFile: join(directory, 'temporal.log'),
      searchPath: process.env['PATH'] ?? '',
      port: 0,
      progress: () => {},
    }),
    startEstate({ dir: join(directory, 'estate'), scenario: 'bad-rollout', log: silent }),
  ]);
  const config = join(directory, 'watchkeeper.yaml');
  writeFileSync(config, stringify({ slack: 'off', sites: [sandboxSite(estate)], services: sandboxServices() }));
  shared = {
    TEMPORAL_ADDRESS: temporal.address,
    PAYLOAD_KEY: 'ab'.repeat(32),
    WATCHKEEPER_CONFIG: config,
    WATCHKEEPER_DATA: cache,
    PORT: '0',
    PATH: process.env['PATH'] ?? '',
  };
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null)));
  await Promise.all([estate.close(), temporal.close(), db.close()]);
  rmSync(directory, { recursive: true, force: true });
}, 60_000);

/** Starts a role with exactly these variables; resolves to the line that says that it runs. */
async function started(role: RoleName, variables: Variables): Promise<{ child: ChildProcess; line: { url?: string; site?: string } }> {
  const child = spawn(process.execPath, [main, 'serve', '--role', role], {
    env: { ...shared, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: string[] = [];
  const running = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (text) => {
        lines.push(text);
        if (text.includes('the role runs')) resolve(text);
      });
    }
    child.once('close', () => reject(new Error(`the role ${role} ended:\n${lines.join('\n')}`)));
  });
  return { child, line: JSON.parse(await running) };
}

test('bot, worker and runner in processes of their own find the cause and propose a plan; each stops when told to', async () => {
  const { privateKey, publicKey } = await generateGrantKeys();
  const { tokens } = db.store();
  const scopes = ['observations:write', 'grants:claim', 'read', 'incidents:write'];
  const { secret: token } = await tokens.create({ name: 'test', scopes, expiresAt: null }, alice);
  const bot = await started('bot', { DATABASE_URL: db.url });
  const url = new URL(bot.line.url ?? '');
  url.hostname = '127.0.0.1';
  const [worker, runner] = await Promise.all([
    started('worker', { DATABASE_URL: db.url, GRANT_SIGNING_KEY: privateKey }),
    started('runner', { WATCHKEEPER_URL: url.href, WATCHKEEPER_TOKEN: token, GRANT_VERIFY_KEYS: publicKey }),
  ]);
  expect(runner.line.site).toBe('sandbox');
  const headers = { authorization: `Bearer ${token}` };
  const read = async (path: string, init: RequestInit = {}) => (await fetch(new URL(path, url), { headers, ...init })).json();
  const asked = IncidentAnswer.parse(
    await read('/v1/incidents', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'checkout fails', service: 'checkout' }),
    }),
  );
  const incident = async () => IncidentAnswer.parse(await read(`/v1/incidents/${asked.id}`));
  await expect.poll(async () => (await incident()).state, { timeout: 60_000, interval: 250 }).toBe('awaiting_approval');
  const plan = PlanAnswer.parse(await read(`/v1/plans/${(await incident()).planIds[0]}`));
  expect(plan.steps[0]?.operation).toBe('kubernetes.rollout_undo');
  await read(`/v1/incidents/${asked.id}/cancel`, { method: 'POST' });
  await expect.poll(async () => (await incident()).outcome, { timeout: 30_000, interval: 250 }).toBe('cancelled');
  for (const { child } of [runner, worker, bot]) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  }
}, 180_000);
