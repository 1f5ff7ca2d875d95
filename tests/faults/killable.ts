import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../bot/sandbox/free-port.ts';
import { type EmbeddedPostgres, startPostgres } from '../../bot/sandbox/postgres.ts';
import { startTemporal } from '../../bot/sandbox/temporal.ts';
import { silent } from '../../bot/store/testing.ts';

/** A Postgres with data on disk that comes back under the same address. */
export interface KillablePostgres extends Pick<EmbeddedPostgres, 'url' | 'migrationUrl' | 'superuserUrl'> {
  /** kill -9 of the server; its children see it and end. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Children of a killed server may hold its memory for a moment, and the next one refuses to start beside them. */
async function startAgain(start: () => Promise<EmbeddedPostgres>): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (attempt === 10) throw error;
      await delay(200);
    }
  }
}

export async function startKillablePostgres(dataDir: string): Promise<KillablePostgres> {
  const port = await freePort();
  const start = () => startPostgres({ dataDir, port, log: silent });
  let server = await start();
  const { url, migrationUrl, superuserUrl } = server;
  return {
    url,
    migrationUrl,
    superuserUrl,
    async kill() {
      process.kill(Number(readFileSync(join(dataDir, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
      await server.exited;
    },
    async start() {
      server = await startAgain(start);
    },
    close: () => server.close(),
  };
}

/** A Temporal server whose state is in a file, and that comes back under the same address. */
export interface KillableTemporal {
  readonly address: string;
  /** kill -9. */
  kill(): void;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startKillableTemporal(directory: string): Promise<KillableTemporal> {
  const dbFile = join(directory, 'own-temporal.db');
  const options = { dbFile, logFile: join(directory, 'own-temporal.log'), searchPath: process.env['PATH'] ?? '', progress: () => {} };
  const port = await freePort();
  const start = () => startTemporal({ ...options, port });
  let server = await start();
  return {
    address: server.address,
    kill: () => void process.kill(Number(readFileSync(`${dbFile}.pid`, 'utf8')), 'SIGKILL'),
    async start() {
      server = await start();
    },
    close: () => server.close(),
  };
}
