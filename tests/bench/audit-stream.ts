import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import pino from 'pino';
import { insertEntries, placeEntries } from '../../bot/api/audit-rows-testing.ts';
import { startPostgres } from '../../bot/sandbox/postgres.ts';
import { migrate } from '../../bot/store/migrate.ts';
import { type Figure, round } from './figure.ts';

const entries = 1_000_000;
const heapMb = 64;
const log = pino({ level: 'silent' });

async function fill(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl.replace(/\/postgres$/, '/watchkeeper') });
  await client.connect();
  await client.query(insertEntries(entries));
  await client.query(placeEntries);
  await client.query('ANALYZE audit_entries; ANALYZE audit_sequence');
  await client.end();
}

interface Streamed {
  readonly lines: number;
  readonly megabytes: number;
  readonly seconds: number;
  /** Of the whole process, reader included: after the first tenth, and at most after that. */
  readonly rssWarm: number;
  readonly rssPeak: number;
}

async function stream(address: string): Promise<Streamed> {
  const started = performance.now();
  let [lines, bytes, rssWarm, rssPeak] = [0, 0, 0, 0];
  const response = await fetch(new URL('/audit/entries', address), { headers: { accept: 'application/x-ndjson' } });
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
    const rss = process.memoryUsage().rss / 1e6;
    if (lines < entries / 10) rssWarm = Math.max(rssWarm, rss);
    else rssPeak = Math.max(rssPeak, rss);
  }
  return { lines, megabytes: bytes / 1e6, seconds: (performance.now() - started) / 1_000, rssWarm, rssPeak };
}

/** A million entries through the API, served by a thread whose heap is limited to 64 MB. */
export async function auditStream(): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), port: 0, log });
  try {
    await migrate(postgres.migrationUrl, log);
    await fill(postgres.superuserUrl);
    const server = new Worker(new URL('../../bot/api/audit-stream-testing.ts', import.meta.url), {
      workerData: postgres.url,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    const [address] = (await once(server, 'message')) as [string];
    const { lines, megabytes, seconds, rssWarm, rssPeak } = await stream(address);
    await server.terminate();
    if (lines !== entries) throw new Error(`${lines} of ${entries} entries came`);
    const grown = Math.max(0, rssPeak - rssWarm);
    return {
      name: 'audit entries streamed, 1M',
      value: round(grown, 0),
      unit: `MB more than for the first 100,000 (${round(rssPeak, 0)} MB; ${round(megabytes, 0)} MB of answer in ${round(seconds)} s)`,
      baseline: `${round(rssWarm, 0)} MB`,
      target: '≤ 32 MB',
      met: grown <= 32,
    };
  } finally {
    await postgres.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
