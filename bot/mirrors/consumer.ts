import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Metrics } from '../telemetry/metrics.ts';
import { withTraceparent } from '../telemetry/trace.ts';
import { NotYet, PeerRefused, PeerUnavailable } from './errors.ts';
import { type Pace, type RetryTimes, retryDelay } from './pace.ts';
import type { Batch, MirrorStore } from './ports.ts';
import type { SinkAdapter } from './sink.ts';

export interface ConsumerDeps {
  readonly store: MirrorStore;
  readonly sink: SinkAdapter;
  /** Shared by the queues of one peer: it is limited, and fails, as a whole. */
  readonly pace: Pace;
  readonly retry: RetryTimes;
  readonly redact: (text: string) => string;
  readonly log: Logger;
  readonly metrics?: Metrics | undefined;
}

export interface Consumer {
  /** Sends until `signal` aborts; ends after the messages in flight. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Something may have come in: looks at once. */
  wake(): void;
}

const batches = 8;
const pollMs = 1_000;
/** Longer than every call that a message can need, each with its own timeout. */
const leaseSeconds = 120;
/** A fault of our own is the same every time: after so many attempts it no longer holds up what comes after it. */
const faultyAttempts = 10;

type Verdict =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'wait'; readonly reason: string; readonly ms: number };

function judge(error: unknown, attempts: number, retry: RetryTimes): Verdict {
  if (error instanceof PeerRefused) return { kind: 'refused', reason: error.message };
  if (error instanceof NotYet) return { kind: 'wait', reason: error.message, ms: error.waitMs };
  const backoff = retryDelay(attempts, Math.random, retry);
  if (error instanceof PeerUnavailable) return { kind: 'wait', reason: error.message, ms: error.retryAfterMs ?? backoff };
  const reason = error instanceof Error ? error.name : 'unknown';
  if (isStoreAway(error) || attempts < faultyAttempts) return { kind: 'wait', reason, ms: backoff };
  return { kind: 'refused', reason: `a fault in the program: ${reason}` };
}

function isStoreAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'store_unavailable';
}

/** Takes messages of one queue and sends them; within an incident one after the other, in their order. */
export function createConsumer({ store, sink, pace, retry, redact, log, metrics }: ConsumerDeps): Consumer {
  const name = sink.name;
  let woken = Promise.withResolvers<void>();

  async function failed({ rows, key }: Batch, error: unknown): Promise<void> {
    const [{ incidentId: incident, attempts }] = rows;
    const ids = rows.map((row) => row.id);
    const verdict = judge(error, attempts, retry);
    const reason = redact(verdict.reason);
    const fields = { sink: name, incident, decisions: key, attempts, reason };
    if (verdict.kind === 'refused') {
      log.error(fields, 'a message is refused for good');
      metrics?.outboxSends.inc({ sink: name, result: 'refused' });
      metrics?.outboxDeadLetters.inc({ sink: name }, rows.length);
      return store.outbox.refused(ids, reason);
    }
    if (error instanceof NotYet) log.debug({ ...fields, waitMs: verdict.ms }, 'a message waits for another one');
    else log.warn({ ...fields, waitMs: verdict.ms }, 'a message could not be sent yet');
    metrics?.outboxSends.inc({ sink: name, result: 'failed' });
    return store.outbox.failed(ids, reason, new Date(Date.now() + verdict.ms));
  }

  async function send(batch: Batch): Promise<void> {
    const { rows } = batch;
    const [first] = rows;
    try {
      const incident = await store.incidents.get(first.incidentId);
      const work = () => pace.run(() => sink.send(batch, incident));
      const peerId = await withTraceparent(first.traceparent, `mirror ${name} ${first.kind}`, work);
      await store.outbox.sent(
        rows.map((row) => row.id),
        peerId,
      );
      metrics?.outboxSends.inc({ sink: name, result: 'sent' });
      metrics?.outboxLag.observe({ sink: name }, (Date.now() - Date.parse(first.createdAt)) / 1_000);
    } catch (error) {
      await failed(batch, error).catch((fault: unknown) =>
        log.error({ err: fault, sink: name }, 'a message stays leased until its lease ends'),
      );
    }
  }

  async function leased(): Promise<readonly Batch[]> {
    try {
      return await store.outbox.lease(name, batches, leaseSeconds);
    } catch (error) {
      log.warn({ err: error, sink: name }, 'the outbox cannot be read');
      return [];
    }
  }

  async function idle(ms: number, hinted: boolean, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const timer = sleep(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(() => undefined);
    await (hinted ? Promise.race([timer, woken.promise]) : timer);
    over.abort();
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        const pause = pace.pause();
        if (pause > 0) {
          await idle(pause, false, signal);
          continue;
        }
        // Before the look, so that what comes in during it is not missed.
        woken = Promise.withResolvers();
        const found = await leased();
        await Promise.all(found.map(send));
        if (found.length === 0) await idle(pollMs, true, signal);
      }
    },
    wake: () => woken.resolve(),
  };
}
