import { type CommonQueryMethods, createSqlTag } from 'slonik';
import { z } from 'zod';

/** What a query needs: the pool, or a transaction. */
export type Db = Pick<CommonQueryMethods, 'any' | 'anyFirst' | 'exists' | 'maybeOne' | 'maybeOneFirst' | 'one' | 'oneFirst' | 'query'>;

/** Proof in the types that the caller has a transaction open: changes take this, never `Db`. */
export type Tx = Db & { readonly transactionId: string };

export const sql = createSqlTag({ typeAliases: { none: z.strictObject({}), id: z.strictObject({ id: z.string() }) } });

/** JSON for a jsonb parameter: without what jsonb refuses (NUL and lone surrogates, in keys too). */
export function json(value: unknown): string {
  return JSON.stringify(value, (_key, leaf: unknown) => (isRecord(leaf) ? cleanKeys(leaf) : clean(leaf)));
}

/** Text that Postgres can hold. */
export function clean<T>(value: T): T | string {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cleanKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, leaf]) => [String(clean(key)), leaf]));
}
