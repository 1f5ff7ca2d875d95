import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Metrics } from '../telemetry/metrics.ts';
import { withTraceparent } from '../telemetry/trace.ts';
import { PeerRefused, PeerUnavailable } from './errors.ts';
import { createPace, retryDelay } from './pace.ts';
import type { MirrorStore, OutboxRow } from './ports.ts';
import type { SinkAdapter } from './sink.ts';

export interface ConsumerDeps {
  readonly store: MirrorStore;
  readonly sink: SinkAdapter;
  readonly redact: (text: string) => string;
  readonly log: Logger;
  readonly metrics?: Metrics | undefined;
}

export interface Consumer {
  /** Sends until `signal` aborts; ends after the rows in flight. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Something may have come in: looks at once. */
  wake(): void;
}

const batch = 8;
const pollMs = 1_000;
/** Longer than every call that a row can need, each with its own timeout. */
const leaseSeconds = 120;

function describe(error: unknown): string {
  if (error instanceof PeerUnavailable || error instanceof PeerRefused) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}

/** Takes rows of one sink and sends them; within an incident one after the other, in their order. */
export function createConsumer({ store, sink, redact, log, metrics }: ConsumerDeps): Consumer {
  const pace = createPace(Date.now);
  const name = sink.name;
  let woken = Promise.withResolvers<void>();

  async function failed(row: OutboxRow, error: unknown): Promise<void> {
    const message = redact(describe(error));
    if (error instanceof PeerRefused) {
      log.error(
        { sink: name, incident: row.incidentId, decision: row.decisionId, kind: row.kind, reason: message },
        'the peer refused a decision for good',
      );
      metrics?.outboxSends.inc({ sink: name, result: 'refused' });
      metrics?.outboxDeadLetters.inc({ sink: name });
      return store.outbox.refused(row.id, message);
    }
    const asked = error instanceof PeerUnavailable ? error.retryAfterMs : null;
    const wait = asked ?? retryDelay(row.attempts, Math.random);
    log.warn(
      { sink: name, incident: row.incidentId, decision: row.decisionId, attempts: row.attempts, waitMs: wait, reason: message },
      'a decision could not be sent yet',
    );
    metrics?.outboxSends.inc({ sink: name, result: 'failed' });
    return store.outbox.failed(row.id, message, new Date(Date.now() + wait));
  }

  async function send(row: OutboxRow): Promise<void> {
    try {
      const incident = await store.incidents.get(row.incidentId);
      const peerId = await withTraceparent(row.traceparent, `mirror ${name} ${row.kind}`, () => pace.run(() => sink.send(row, incident)));
      await store.outbox.sent(row.id, peerId);
      metrics?.outboxSends.inc({ sink: name, result: 'sent' });
      metrics?.outboxLag.observe({ sink: name }, (Date.now() - Date.parse(row.createdAt)) / 1_000);
    } catch (error) {
      await failed(row, error).catch((fault: unknown) =>
        log.error({ err: fault, sink: name }, 'an outbox row stays leased until its lease ends'),
      );
    }
  }

  async function leased(): Promise<readonly OutboxRow[]> {
    try {
      return await store.outbox.lease(name, batch, leaseSeconds);
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
        const rows = await leased();
        await Promise.all(rows.map(send));
        if (rows.length === 0) await idle(pollMs, true, signal);
      }
    },
    wake: () => woken.resolve(),
  };
}
