import { z } from 'zod';
import { type Db, json, sql } from './sql.ts';

export interface KeyUse {
  /** `person:alice`: keys of one caller are nobody else's. */
  readonly caller: string;
  readonly key: string;
  /** SHA-256 of what was asked. */
  readonly request: Buffer;
}

const KeptAnswer = z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string().nullable() });
export type KeptAnswer = z.infer<typeof KeptAnswer>;

const Row = z.object({
  request: z.instanceof(Buffer),
  startedAt: z.string(),
  status: z.number().nullable(),
  headers: z.record(z.string(), z.string()).nullable(),
  body: z.string().nullable(),
  unknown: z.boolean(),
});

export type Reserved =
  /** Nobody has used it: go on. */
  | { readonly kind: 'fresh' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  | { readonly kind: 'running'; readonly since: Date }
  /** It failed, and may have taken effect. */
  | { readonly kind: 'unknown' }
  /** It stands for another request. */
  | { readonly kind: 'other' };

const keptHours = 24;
/** Of any caller, per use of a key. */
const mostSweptAway = 100;

/** Of any number of requests with one key, one gets `fresh`. */
export async function reserveKey(db: Db, { caller, key, request }: KeyUse, now: Date): Promise<Reserved> {
  const at = now.toISOString();
  await db.query(sql.typeAlias('none')`
    DELETE FROM idempotency_keys WHERE (caller, key) IN (
      SELECT caller, key FROM idempotency_keys WHERE expires_at <= ${at} LIMIT ${mostSweptAway} FOR UPDATE SKIP LOCKED
    )
  `);
  const fresh = await db.maybeOne(sql.typeAlias('id')`
    INSERT INTO idempotency_keys (caller, key, request, started_at, expires_at)
    VALUES (${caller}, ${key}, ${sql.binary(request)}, ${at}, ${at}::timestamptz + make_interval(hours => ${keptHours}))
    ON CONFLICT DO NOTHING RETURNING key AS id
  `);
  if (fresh !== null) return { kind: 'fresh' };
  const row = await db.maybeOne(sql.type(Row)`
    SELECT request, started_at AS "startedAt", status, headers, body, unknown FROM idempotency_keys WHERE caller = ${caller} AND key = ${key}
  `);
  // Given up between the two statements: whoever comes next gets it.
  if (row === null) return { kind: 'running', since: now };
  if (!row.request.equals(request)) return { kind: 'other' };
  if (row.status === null && row.unknown) return { kind: 'unknown' };
  if (row.status === null) return { kind: 'running', since: new Date(row.startedAt) };
  return { kind: 'answered', answer: { status: row.status, headers: row.headers ?? {}, body: row.body } };
}

export async function keepAnswer(db: Db, { caller, key }: KeyUse, { status, headers, body }: KeptAnswer): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE idempotency_keys SET status = ${status}, headers = ${json(headers)}::jsonb, body = ${body}
    WHERE caller = ${caller} AND key = ${key} AND status IS NULL
  `);
}

/** It failed in the middle: until an answer comes after all, nobody knows what came of it. */
export async function markUnknown(db: Db, { caller, key }: KeyUse): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE idempotency_keys SET unknown = true WHERE caller = ${caller} AND key = ${key} AND status IS NULL
  `);
}

/** It is known that nothing came of it: the same key may try again. */
export async function giveUpKey(db: Db, { caller, key }: KeyUse): Promise<void> {
  await db.query(sql.typeAlias('none')`DELETE FROM idempotency_keys WHERE caller = ${caller} AND key = ${key} AND status IS NULL`);
}
