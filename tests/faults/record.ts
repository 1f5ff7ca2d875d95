import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkLog, continues } from '../../bot/audit/check.ts';
import { parseCheckpoint } from '../../bot/audit/checkpoint.ts';
import { CheckpointLine } from '../../bot/audit/checkpoint-file.ts';
import { startAuditLog } from '../../bot/audit/log.ts';
import { noteSigner } from '../../bot/audit/note.ts';
import type { LogProblem } from '../../bot/audit/problem.ts';
import { auditOrigin } from '../../bot/store/audit-checkpoints.ts';
import { migrate } from '../../bot/store/migrate.ts';
import { createPool } from '../../bot/store/pool.ts';
import { createStore, type Store } from '../../bot/store/store.ts';
import { silent, testRedactor } from '../../bot/store/testing.ts';
import { createMetrics } from '../../bot/telemetry/metrics.ts';
import type { KillablePostgres } from './killable.ts';

/** The system of record on a server of its own, its log sequenced, signed and exported. */
export interface Record {
  readonly store: Store;
  /** Signed roots that are outside the database. */
  kept(): readonly CheckpointLine[];
  /** Recomputes the stored log and compares it with every root that was kept. */
  problems(): Promise<readonly LogProblem[]>;
  /** Signs and exports what is left. */
  stop(): Promise<void>;
}

/** `directory`: for the file of checkpoints. */
export async function startRecord({ url, migrationUrl }: KillablePostgres, directory: string): Promise<Record> {
  await migrate(migrationUrl, silent);
  const pool = await createPool(url, silent, 16);
  const store = createStore({ pool, redact: testRedactor, now: () => new Date(), log: silent, sinks: [] });
  const key = generateKeyPairSync('ed25519').privateKey;
  const signer = noteSigner(await auditOrigin(pool), key);
  const file = join(directory, 'checkpoints.ndjson');
  const metrics = createMetrics('faults');
  const log = await startAuditLog({ pool, record: store.record, key, file: () => file, http: null, metrics, log: silent });
  const kept = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [CheckpointLine.parse(JSON.parse(line))]));
  return {
    store,
    kept,
    async problems() {
      const { problem, size } = await checkLog(pool, { from: 1, limit: Number.MAX_SAFE_INTEGER, keys: [signer], origin: signer.name });
      const checkpoints = kept().flatMap(({ note }) => parseCheckpoint(note) ?? []);
      const continued = await Promise.all(checkpoints.map((checkpoint) => continues(pool, size, checkpoint)));
      return [problem, ...continued].flatMap((found) => found ?? []);
    },
    async stop() {
      await log.stop();
      await pool.end();
    },
  };
}
