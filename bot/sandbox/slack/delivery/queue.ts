import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import type { Json } from '../types.ts';
import type { Transport } from './transport.ts';

/** Events on their way to the app. They survive a restart and are delivered at least once. */
export interface EventQueue {
  /** `id` is the event id; the payload is the whole event callback. */
  add(id: string, payload: Json): void;
  /** To be called when the app can be reached again: what waits is due at once. */
  wake(): void;
  close(): void;
}

interface Waiting {
  readonly id: string;
  readonly payload: Json;
  readonly attempt: number;
  readonly reason: string;
}

export interface QueueParts {
  readonly database: DatabaseSync;
  readonly transport: Transport;
  /** Milliseconds before each retry. */
  readonly retries: readonly number[];
  readonly log: Logger;
}

function readRow(row: Record<string, unknown>): Waiting {
  return {
    id: String(row['id']),
    payload: JSON.parse(String(row['payload'])) as Json,
    attempt: Number(row['attempt']),
    reason: String(row['reason']),
  };
}

function statements(database: DatabaseSync) {
  return {
    insert: database.prepare('insert into events values (?, (select coalesce(max(seq), 0) + 1 from events), ?, ?, ?, ?)'),
    due: database.prepare('select * from events where due <= ? order by seq'),
    later: database.prepare('select min(due) as due from events where due > ?'),
    remove: database.prepare('delete from events where id = ?'),
    postpone: database.prepare('update events set attempt = ?, reason = ?, due = ? where id = ?'),
    allDue: database.prepare('update events set due = 0'),
  };
}

/** A queue over the `events` table. An event that no app could take waits for one; one that is not acknowledged is retried. */
export function createEventQueue(parts: QueueParts): EventQueue {
  const sql = statements(parts.database);
  const inFlight = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function settle(event: Waiting, failure: string | null): void {
    if (closed) return;
    inFlight.delete(event.id);
    if (failure === null) return void sql.remove.run(event.id);
    const wait = parts.retries[event.attempt];
    if (wait === undefined) {
      sql.remove.run(event.id);
      parts.log.warn({ eventId: event.id, reason: failure }, 'event given up: the app acknowledged none of its deliveries');
      return;
    }
    sql.postpone.run(event.attempt + 1, failure, Date.now() + wait, event.id);
    pump();
  }

  function pump(): void {
    clearTimeout(timer);
    if (closed || !parts.transport.ready()) return;
    // One reading of the clock: an event that falls due between two would be in neither list.
    const now = Date.now();
    for (const event of sql.due.all(now).map(readRow)) {
      if (inFlight.has(event.id)) continue;
      inFlight.add(event.id);
      void parts.transport.deliver('events_api', event.payload, event).then((ack) => settle(event, ack.acked ? null : ack.reason));
    }
    const next = sql.later.get(now)?.['due'];
    if (typeof next === 'number') timer = setTimeout(pump, next - now);
  }

  return {
    add: (id, payload) => {
      const reachable = parts.transport.ready();
      // Without a client the first delivery has failed by the time one connects.
      sql.insert.run(id, JSON.stringify(payload), reachable ? 0 : 1, reachable ? '' : 'connection_failed', Date.now());
      pump();
    },
    wake: () => {
      sql.allDue.run();
      pump();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
