import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import type { DatabasePool } from 'slonik';
import { commit } from '../../bot/audit/commitment.ts';
import { noteSigner } from '../../bot/audit/note.ts';
import { createSequencer } from '../../bot/audit/sequencer.ts';
import { startPostgres } from '../../bot/sandbox/postgres.ts';
import { type AuditBody, appendAudit } from '../../bot/store/audit.ts';
import { auditOrigin } from '../../bot/store/audit-checkpoints.ts';
import { countWaiting } from '../../bot/store/audit-sequence.ts';
import { uuidv7 } from '../../bot/store/id.ts';
import { migrate } from '../../bot/store/migrate.ts';
import { createPool, inTransaction } from '../../bot/store/pool.ts';
import { sql, type Tx } from '../../bot/store/sql.ts';
import { canonicalJson } from '../../tools/canonical.ts';
import { type Figure, median, round } from './figure.ts';

const writers = 16;
const sliceMs = 500;
const slices = 24;
const log = pino({ level: 'silent' });

/** As an incident writes them: of the 49 entries of the scenario bad-rollout, 12 hold words. */
function entry(index: number): { body: AuditBody; words: Record<string, string> } {
  const words = index % 4 === 0 ? { reason: `the error rate is back below its limit, step ${index}` } : {};
  const data = { vote: uuidv7(new Date()), verdict: 'approve', channel: 'slack', requestHash: 'ab'.repeat(32), approvals: 1, needed: 1 };
  const actor = { kind: 'person', id: 'alice' } as const;
  const at = new Date().toISOString();
  return {
    body: { version: 2, id: uuidv7(new Date()), at, kind: 'vote.recorded', actor, incidentId: 'made-up', planId: 'made-up', data },
    words,
  };
}

async function append(tx: Tx, index: number): Promise<void> {
  const { body, words } = entry(index);
  const said = Object.entries(words).map(([field, value]) => [field, commit(value)] as const);
  const data = { ...body.data, ...Object.fromEntries(said.map(([field, { commitment }]) => [field, commitment])) };
  await appendAudit(tx, { ...body, data }, Object.fromEntries(said.map(([field, { disclosure }]) => [field, disclosure])));
}

/** The same ids and words into a table with the same columns and indexes for queries, and nothing that could be proven. */
async function insertRaw(tx: Tx, index: number): Promise<void> {
  const { body, words } = entry(index);
  const { at, incidentId, planId, kind, actor } = body;
  const bytes = Buffer.from(canonicalJson({ ...body, data: { ...body.data, ...words } }), 'utf8');
  await tx.query(sql.typeAlias('none')`
    INSERT INTO bench_raw (at, incident_id, plan_id, kind, actor, body)
    VALUES (${at}, ${incidentId}, ${planId}, ${kind}, ${`${actor.kind}:${actor.id}`}, ${sql.binary(bytes)})
  `);
}

const rawTable = `
  CREATE TABLE bench_raw (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, incident_id text, plan_id text, kind text, actor text, body bytea
  );
  CREATE INDEX ON bench_raw (incident_id, id);
  CREATE INDEX ON bench_raw (plan_id, id);
  GRANT SELECT, INSERT ON bench_raw TO watchkeeper_app;
`;

async function perSecond(pool: DatabasePool, write: (tx: Tx, index: number) => Promise<void>): Promise<number> {
  let count = 0;
  const end = performance.now() + sliceMs;
  const one = async () => {
    for (; performance.now() < end; count += 1) await inTransaction(pool, (tx) => write(tx, count));
  };
  await Promise.all(Array.from({ length: writers }, one));
  return count / (sliceMs / 1_000);
}

/** How long the entries that are there take to get their places and a signed tree, per second. */
async function sequencedPerSecond(pool: DatabasePool): Promise<number> {
  const signer = noteSigner(await auditOrigin(pool), generateKeyPairSync('ed25519').privateKey);
  const sequencer = createSequencer({ pool, signer, remembered: () => null });
  const waiting = await countWaiting(pool);
  const started = performance.now();
  for (let done = 0; done < waiting; ) {
    const result = await sequencer.round();
    done += result.kind === 'signed' ? result.count : 0;
  }
  return waiting / ((performance.now() - started) / 1_000);
}

async function measure(url: string, migrationUrl: string): Promise<Figure> {
  await migrate(migrationUrl, log);
  const owner = new pg.Client({ connectionString: migrationUrl });
  await owner.connect();
  await owner.query(rawTable);
  await owner.end();
  const pool = await createPool(url, log, writers);
  try {
    const pairs: { ours: number; raw: number }[] = [];
    for (let slice = 0; slice <= slices; slice += 1)
      pairs.push({ raw: await perSecond(pool, insertRaw), ours: await perSecond(pool, append) });
    // The first slices warm up.
    const measured = pairs.slice(1);
    const ratio = median(measured.map(({ ours, raw }) => ours / raw));
    const [ours, raw] = [median(measured.map((pair) => pair.ours)), median(measured.map((pair) => pair.raw))];
    const sequenced = await sequencedPerSecond(pool);
    return {
      name: 'durable audit appends, 16 writers',
      value: round(ratio, 2),
      unit: `× (${round(ours, 0)}/s; afterwards ${round(sequenced, 0)}/s get their places and a signed tree)`,
      baseline: `INSERT of the same ${round(raw, 0)}/s`,
      target: '≥ 0.9×',
      met: ratio >= 0.9,
    };
  } finally {
    await pool.end();
  }
}

/** Appends in transactions of their own, on disk when they return, against bare inserts in the same run. */
export async function auditAppend(): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), port: 0, log });
  try {
    return await measure(postgres.url, postgres.migrationUrl);
  } finally {
    await postgres.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
