import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import { createPace, type RetryTimes, retryDelay, retryTimes } from '../mirrors/pace.ts';
import { checkpointsWithLeaves, countCheckpointsAfter } from '../store/audit-checkpoints.ts';
import { type Delivery, delivered, deliveryTo, doubt } from '../store/audit-deliveries.ts';
import { inTransaction } from '../store/pool.ts';
import { type Recorder, system } from '../store/record.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Loop, startLoop } from './loop.ts';
import { postCheckpoints, type ReceiverPlace, receiverName } from './receiver.ts';

export interface HttpExportOptions {
  readonly pool: DatabasePool;
  readonly record: Recorder;
  readonly place: ReceiverPlace;
  readonly metrics: Pick<Metrics, 'auditCheckpointsWaiting' | 'auditPosts' | 'auditDeliveriesDoubted'>;
  readonly log: Logger;
  /** Those of the mirrors unless given. */
  readonly times?: RetryTimes;
}

const everyMs = 1_000;
const batch = 100;

/**
 * Every checkpoint is posted in its order, as the lines of the file, many at once where many wait. What the receiver does not take is sent
 * again, later and later; after five failures in a row it is left alone for a while. Nothing else waits for it.
 *
 * What it is said to have counts only as long as the log holds that very checkpoint. Otherwise it gets them all again: it has those already, or
 * sees that they are others.
 */
export function startHttpExport({ pool, record, place, metrics, log, times = retryTimes }: HttpExportOptions): Loop {
  const receiver = receiverName(place);
  const pace = createPace(Date.now, times);
  let attempts = 0;

  async function say({ size }: Delivery): Promise<void> {
    const first = await inTransaction(pool, async (tx) => {
      const newly = await doubt(tx, receiver, size);
      if (newly) await record(tx, { kind: 'audit.delivery_doubted', actor: system, incidentId: null, ids: { receiver, size } });
      return newly;
    });
    if (!first) return;
    metrics.auditDeliveriesDoubted.inc();
    log.error({ receiver, size }, 'the log has no such checkpoint as its receiver is said to have: everything is sent again');
  }

  async function send(): Promise<boolean> {
    const had = await deliveryTo(pool, receiver);
    const doubted = had?.proven === false ? had : null;
    if (doubted !== null) await say(doubted);
    const from = doubted === null ? (had?.size ?? 0) : 0;
    metrics.auditCheckpointsWaiting.set({ to: 'http' }, await countCheckpointsAfter(pool, from));
    const rows = await checkpointsWithLeaves(pool, from + 1, batch);
    const last = rows.at(-1);
    if (last === undefined) return false;
    const lines = rows.map(({ leaves, ...row }) => ({ ...row, leaves: leaves.toString('base64') }));
    await pace.run(() => postCheckpoints(place, lines));
    metrics.auditPosts.inc({ result: 'taken' });
    await delivered(pool, receiver, last, doubted?.size ?? null);
    metrics.auditCheckpointsWaiting.set({ to: 'http' }, await countCheckpointsAfter(pool, last.size));
    return rows.length === batch;
  }

  const work = async () => {
    const pause = pace.pause();
    if (pause > 0) return pause;
    try {
      const more = await send();
      attempts = 0;
      return more ? 0 : everyMs;
    } catch (error) {
      attempts += 1;
      metrics.auditPosts.inc({ result: 'failed' });
      throw error;
    }
  };
  const retryMs = () => Math.max(pace.pause(), retryDelay(attempts, Math.random, times));
  return startLoop({ work, retryMs, failure: 'checkpoints of the audit log cannot be posted', log });
}
