import type { Logger } from 'pino';
import {
  createPool as createSlonikPool,
  type DatabasePool,
  type DatabaseTransactionConnection,
  type Interceptor,
  type QueryResultRow,
  SchemaValidationError,
} from 'slonik';
import { applicationName, named } from './connection-name.ts';
import { mapError } from './map-error.ts';

/** Instants as RFC 3339 text, as the contracts have them; bigint keys as numbers (they stay far below 2^53). */
const typeParsers = [
  { name: 'timestamptz', parse: (value: string) => new Date(value).toISOString() },
  { name: 'int8', parse: Number },
];

/** slonik does not check rows by itself: every query names its row type, and this holds it to that. */
const resultParser: Interceptor = {
  name: 'result-parser',
  transformRow(context, query, row) {
    const parsed = context.resultParser?.['~standard'].validate(row);
    if (parsed === undefined) return row;
    if (parsed instanceof Promise) throw new TypeError('row types are synchronous');
    if (parsed.issues !== undefined) throw new SchemaValidationError(query, row, [...parsed.issues]);
    return parsed.value as QueryResultRow;
  },
};

async function mapped<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw mapError(error);
  }
}

/** The pool with the store's errors in place of the driver's. */
function withStoreErrors(pool: DatabasePool): DatabasePool {
  return new Proxy(pool, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || name === 'state' || name === 'on' || name === 'off' || name === 'once') return value;
      return (...args: unknown[]) => mapped(() => Promise.resolve(Reflect.apply(value, target, args)));
    },
  });
}

/**
 * Connects once to learn the type ids, so it throws StoreUnavailable when nothing answers.
 * `url` is `postgres://…` of the application's role; at most `size` connections; a statement may run for `statementMs`.
 */
export async function createPool(url: string, log: Logger, size = 10, statementMs = 30_000): Promise<DatabasePool> {
  const pool = await mapped(() =>
    createSlonikPool(named(url, applicationName), {
      interceptors: [resultParser],
      typeParsers,
      maxPoolSize: size,
      connectionTimeout: 5_000,
      connectionRetryLimit: 1,
      statementTimeout: statementMs,
      idleInTransactionSessionTimeout: 30_000,
      idleTimeout: 60_000,
      // The store leaves no session state behind (no SET, temporary table or session lock), so a returned connection needs no round trip.
      resetConnection: async () => {},
    }),
  );
  pool.on('error', (error) => log.warn({ code: error.name }, 'a database connection failed'));
  return withStoreErrors(pool);
}

/** Runs `work` in one transaction; serialization failures and deadlocks are repeated, so `work` must have no effects outside the database. */
export function inTransaction<T>(
  pool: Pick<DatabasePool, 'transaction'>,
  work: (tx: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  return pool.transaction(work);
}
