import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import pino from 'pino';
import type { DatabasePool } from 'slonik';
import { z } from 'zod';
import type { Redactor } from '../../tools/ports.ts';
import { migrate, ownerRole } from './migrate.ts';
import { createPool } from './pool.ts';
import { createStore, type Store, type StoreOptions } from './store.ts';

const Urls = z.object({ url: z.string(), migrationUrl: z.string(), superuserUrl: z.string() });
type Urls = z.infer<typeof Urls>;

export const silent = pino({ level: 'silent' });

/** For tests: masks the one word `hunter2`. */
export const testRedactor: Redactor = {
  version: 'test',
  text: (text) => ({ text: text.replaceAll('hunter2', '[masked]'), count: text.split('hunter2').length - 1 }),
  value: (value) => ({ value: JSON.parse(JSON.stringify(value).replaceAll('hunter2', '[masked]')), count: 0 }),
};

/** The first caller of a run starts the server; all test files of the run share it. */
async function serverOfRun(): Promise<Urls> {
  const run = process.ppid;
  const dir = join(tmpdir(), `watchkeeper-test-${run}`);
  const file = join(dir, 'server.json');
  try {
    mkdirSync(dir, { mode: 0o711 });
    const log = openSync(join(dir, 'server.log'), 'a');
    spawn(process.execPath, [fileURLToPath(new URL('./testing-server.ts', import.meta.url)), dir, String(run)], {
      detached: true,
      stdio: ['ignore', log, log],
    }).unref();
    closeSync(log);
  } catch (error) {
    if (!existsSync(dir)) throw error;
  }
  for (const end = Date.now() + 60_000; Date.now() < end; await delay(50))
    if (existsSync(file)) return Urls.parse(JSON.parse(readFileSync(file, 'utf8')));
  throw new Error(`the test run's Postgres did not start: see ${join(dir, 'server.log')}`);
}

async function asSuperuser(urls: Urls, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: urls.superuserUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function inDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

export interface TestDatabase extends Urls {
  /** With the application's rights. */
  readonly pool: DatabasePool;
  store(options?: Partial<StoreOptions>): Store;
  /** Runs a statement as the superuser, past every right: only triggers and constraints hold it. */
  force(statement: string): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

/** A migrated database of one's own on the run's server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await serverOfRun();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, `CREATE DATABASE ${name} OWNER ${ownerRole}`);
  const urls = {
    url: inDatabase(server.url, name),
    migrationUrl: inDatabase(server.migrationUrl, name),
    superuserUrl: inDatabase(server.superuserUrl, name),
  };
  await migrate(urls.migrationUrl, silent);
  const pool = await createPool(urls.url, silent);
  const superuser = new pg.Client({ connectionString: urls.superuserUrl });
  await superuser.connect();
  return {
    ...urls,
    pool,
    store: (options = {}) =>
      createStore({
        pool,
        redact: testRedactor,
        now: () => new Date(),
        log: silent,
        sinks: ['linear', 'pagerduty'],
        patience: 0.05,
        ...options,
      }),
    force: (statement) => superuser.query(statement),
    async close() {
      await superuser.end();
      await pool.end();
      await asSuperuser(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}
