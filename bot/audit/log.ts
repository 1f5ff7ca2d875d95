import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import { auditOrigin, publishKey } from '../store/audit-checkpoints.ts';
import { countWaiting, sequenceHead } from '../store/audit-sequence.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createFileExport, startFileExport, startHttpExport } from './checkpoint-export.ts';
import { openCheckpointFile } from './checkpoint-file.ts';
import { type Loop, startLoop } from './loop.ts';
import { noteSigner, verifierText } from './note.ts';
import { createSequencer, roundLimit, type Sequencer } from './sequencer.ts';

export interface AuditLogOptions {
  readonly pool: DatabasePool;
  /** AUDIT_SIGNING_KEY, Ed25519. */
  readonly key: KeyObject;
  /** File of exported checkpoints for a log of that name. */
  readonly file: (origin: string) => string;
  /** Receiver of checkpoints; null: none. */
  readonly http: string | null;
  readonly metrics: Pick<Metrics, 'auditSize' | 'auditWaiting'>;
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
function startGauges({ pool, metrics, log }: AuditLogOptions): Loop {
  const work = async () => {
    metrics.auditSize.set((await sequenceHead(pool)).seq);
    metrics.auditWaiting.set(await countWaiting(pool));
    return showEveryMs;
  };
  return startLoop({ work, retryMs: showEveryMs, failure: 'the state of the audit log cannot be read', log });
}

/**
 * Sequences, signs and exports until it is stopped. Any number of processes may do so at once: one at a time sequences, each exports.
 * Throws CheckpointFileUnusable, StoreUnavailable.
 */
export async function startAuditLog(options: AuditLogOptions): Promise<Loop> {
  const { pool, key, http, log } = options;
  const origin = await auditOrigin(pool);
  const signer = noteSigner(origin, key);
  await publishKey(pool, verifierText(signer));
  const file = await openCheckpointFile(options.file(origin), origin);
  const files = createFileExport(pool, file);
  const sequencer = createSequencer({ pool, signer, remembered: files.newest });
  const loops = [
    startSequencer(sequencer, log),
    startFileExport(files, log),
    ...(http === null ? [] : [startHttpExport(pool, http, log)]),
    startGauges(options),
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
