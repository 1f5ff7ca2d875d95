import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { isAlive } from '../sandbox/postgres/lock.ts';
import { startPostgres } from '../sandbox/postgres.ts';

/** The Postgres of one test run, in a process of its own: it ends, and removes its data, when the run's process is gone. */
async function serveRun(dir: string, run: number): Promise<void> {
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const postgres = await startPostgres({ dataDir: join(dir, 'postgres'), port: 0, log: pino({ level: 'silent' }), settings });
  const { url, migrationUrl, superuserUrl } = postgres;
  writeFileSync(join(dir, 'server.json.new'), JSON.stringify({ url, migrationUrl, superuserUrl }), { mode: 0o600 });
  renameSync(join(dir, 'server.json.new'), join(dir, 'server.json'));
  while (isAlive(run)) await delay(500);
  await postgres.close();
  rmSync(dir, { recursive: true, force: true });
}

const [dir = '', run = ''] = process.argv.slice(2);
await serveRun(dir, Number(run));
