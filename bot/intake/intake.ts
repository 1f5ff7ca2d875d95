import type { Logger } from 'pino';
import type { InboxEvent, Intake } from '../ports.ts';
import type { LeasedEvent } from '../store/inbox.ts';
import type { Store } from '../store/store.ts';

export interface IntakeDeps {
  readonly store: Pick<Store, 'inbox' | 'onNotify' | 'now'>;
  readonly handle: (event: InboxEvent) => Promise<void>;
  /** Told when an event cannot be handled yet, so that the person sees that it waits. */
  readonly onQueued: (event: InboxEvent) => Promise<void>;
  /** Continues the trace in which the event was stored. */
  readonly inTrace: <T>(traceparent: string | null, name: string, run: () => Promise<T>) => Promise<T>;
  readonly log: Logger;
}

export interface RunningIntake extends Intake {
  stop(): Promise<void>;
}

const batch = 20;
/** More are not taken: what waits here longer than its lease would be handled a second time. */
const mostAtOnce = 100;
const pollMs = 1_000;
const firstRetryMs = 500;
const longestRetryMs = 30_000;

/** Events are handled side by side, each until it is done; one that fails is tried again later and loses nothing. */
export function startIntake({ store, handle, onQueued, inTrace, log }: IntakeDeps): RunningIntake {
  const running = new Set<Promise<void>>();
  const state = { stopped: false, draining: false, again: false, full: false };

  async function postpone(leased: LeasedEvent, error: unknown): Promise<void> {
    const pause = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(leased.attempts - 1, 10));
    log.warn({ err: error, event: leased.event.kind, attempts: leased.attempts }, 'an event could not be handled yet');
    await store.inbox.failed(leased.id, error instanceof Error ? error.message : 'failed', new Date(store.now().getTime() + pause));
    if (leased.attempts === 1)
      await onQueued(leased.event).catch((fault: unknown) => log.warn({ err: fault }, 'the queued notice could not be posted'));
  }

  async function handleOne(leased: LeasedEvent): Promise<void> {
    try {
      await inTrace(leased.traceparent, `inbox ${leased.event.kind}`, () => handle(leased.event));
      await store.inbox.handled(leased.id);
    } catch (error) {
      await postpone(leased, error).catch((fault: unknown) => log.error({ err: fault }, 'an event stays leased until its lease ends'));
    }
  }

  function begin(leased: LeasedEvent): void {
    const one = handleOne(leased).finally(() => {
      running.delete(one);
      if (state.full && running.size <= mostAtOnce - batch) kick();
    });
    running.add(one);
  }

  async function drain(): Promise<void> {
    if (state.draining) {
      state.again = true;
      return;
    }
    state.draining = true;
    try {
      do {
        state.again = false;
        const room = Math.min(batch, mostAtOnce - running.size);
        state.full = room <= 0;
        const leased = state.stopped || state.full ? [] : await store.inbox.lease(room);
        for (const one of leased) begin(one);
        if (leased.length > 0 && leased.length === room) state.again = true;
      } while (state.again && !state.stopped);
    } catch (error) {
      log.warn({ err: error }, 'the inbox cannot be read');
    } finally {
      state.draining = false;
    }
  }

  const kick = () => void drain();
  const subscription = store.onNotify((queue) => {
    if (queue === 'inbox') kick();
  });
  const timer = setInterval(kick, pollMs);
  kick();
  return {
    async receive(event) {
      const fresh = await store.inbox.receive(event);
      if (fresh) kick();
      return fresh;
    },
    async stop() {
      state.stopped = true;
      clearInterval(timer);
      await subscription.close();
      await Promise.allSettled(running);
    },
  };
}
