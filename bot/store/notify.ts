import pg from 'pg';
import type { Logger } from 'pino';
import { listenerName, named } from './connection-name.ts';

/** Which queue got a row. */
export type Queue = 'inbox' | 'outbox';

export interface Subscription {
  close(): Promise<void>;
}

const retryMs = 1_000;

/**
 * Calls `listener` when a row is committed to a queue. Every (re)connection calls it for both, because rows may have come in between.
 * It is a hint: poll as well. The connection is its own and is made again when it breaks.
 */
export function subscribe(url: string, log: Logger, listener: (queue: Queue) => void): Subscription {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function again(): void {
    client = null;
    if (closed || timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      void connect();
    }, retryMs);
    timer.unref();
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: named(url, listenerName),
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = fresh;
    fresh.on('notification', (message) => {
      if (message.payload === 'inbox' || message.payload === 'outbox') listener(message.payload);
    });
    fresh.on('error', (error) => log.warn({ code: error.name }, 'the notification connection failed'));
    fresh.once('end', again);
    try {
      await fresh.connect();
      await fresh.query('LISTEN watchkeeper');
      listener('inbox');
      listener('outbox');
    } catch {
      log.warn('the database cannot be listened to; trying again');
      await fresh.end().catch(() => {});
      again();
    }
  }

  void connect();
  return {
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
