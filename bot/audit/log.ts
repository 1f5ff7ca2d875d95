import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import { auditOrigin, countCheckpointsAfter, listKeys, publishKey } from '../store/audit-checkpoints.ts';
import { countWaiting, sequenceHead } from '../store/audit-sequence.ts';
import { inTransaction } from '../store/pool.ts';
import { type Recorder, system } from '../store/record.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createFileExport, type FileExport, startFileExport } from './checkpoint-export.ts';
import { openCheckpointFile } from './checkpoint-file.ts';
import { startHttpExport } from './http-export.ts';
import { type Loop, startLoop } from './loop.ts';
import { noteSigner, type Signer, verifierText } from './note.ts';
import type { ReceiverPlace } from './receiver.ts';
import { createSequencer, roundLimit, type Sequencer } from './sequencer.ts';

export interface AuditLogOptions {
  readonly pool: DatabasePool;
  readonly record: Recorder;
  /** AUDIT_SIGNING_KEY, Ed25519. */
  readonly key: KeyObject;
  /** File of exported checkpoints for a log of that name. */
  readonly file: (origin: string) => string;
  /** Receiver of checkpoints; null: none. */
  readonly http: ReceiverPlace | null;
  readonly metrics: Pick<Metrics, 'auditSize' | 'auditWaiting' | 'auditCheckpointsWaiting' | 'auditPosts' | 'auditDeliveriesDoubted'>;
  readonly log: Logger;
}

/** A checkpoint every second, or every 256 entries where more come. */
const everyMs = 1_000;
const showEveryMs = 5_000;

function startSequencer(sequencer: Sequencer, log: Logger): Loop {
  const work = async () => {
    const began = performance.now();
    const round = await sequencer.round();
    if (round.kind === 'signed' && round.count === roundLimit) return 0;
    return Math.max(1, everyMs - (performance.now() - began));
  };
  return startLoop({ work, retryMs: everyMs, failure: 'audit entries get no places, and nothing is signed', log });
}

/** Every process shows them: the log is one. */
function startGauges({ pool, metrics, log }: AuditLogOptions, files: FileExport): Loop {
  const work = async () => {
    metrics.auditSize.set((await sequenceHead(pool)).seq);
    metrics.auditWaiting.set(await countWaiting(pool));
    metrics.auditCheckpointsWaiting.set({ to: 'file' }, await countCheckpointsAfter(pool, files.newest()?.size ?? 0));
    return showEveryMs;
  };
  return startLoop({ work, retryMs: showEveryMs, failure: 'the state of the audit log cannot be read', log });
}

/** A key that follows another one is an entry of the log itself. */
async function introduce({ pool, record }: AuditLogOptions, signer: Signer): Promise<void> {
  const verifier = verifierText(signer);
  await inTransaction(pool, async (tx) => {
    const first = (await listKeys(tx)).length === 0;
    if (!(await publishKey(tx, verifier)) || first) return;
    await record(tx, { kind: 'audit.key_added', actor: system, incidentId: null, ids: { key: signer.id, verifier } });
  });
}

/**
 * Sequences, signs and exports until it is stopped. Any number of processes may do so at once: one at a time sequences, each exports.
 * Throws CheckpointFileUnusable, StoreUnavailable.
 */
export async function startAuditLog(options: AuditLogOptions): Promise<Loop> {
  const { pool, key, http, log } = options;
  const origin = await auditOrigin(pool);
  const signer = noteSigner(origin, key);
  await introduce(options, signer);
  const file = await openCheckpointFile(options.file(origin), origin);
  const files = createFileExport(pool, file);
  const sequencer = createSequencer({ pool, signer, remembered: files.newest });
  const loops = [
    startSequencer(sequencer, log),
    startFileExport(files, log),
    ...(http === null ? [] : [startHttpExport({ pool, record: options.record, place: http, metrics: options.metrics, log })]),
    startGauges(options, files),
  ];
  return {
    ended: Promise.all(loops.map((loop) => loop.ended)).then(() => {}),
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      // What was written last is signed and on disk too, where the database is still there.
      await sequencer
        .round()
        .then(() => files.step())
        .catch((error: unknown) => log.warn({ err: error }, 'the last audit entries wait for the next start'));
      await file.close();
    },
  };
}
