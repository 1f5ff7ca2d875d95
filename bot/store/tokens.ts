import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Actor } from './audit.ts';
import { uuidv7 } from './id.ts';
import type { Recorder } from './record.ts';
import { type Db, sql, type Tx } from './sql.ts';
import { mayBeSecret, newSecret } from './token-secret.ts';

/** A token without its secret. */
export const ServiceToken = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  /** Names of sites; null: every one. */
  sites: z.array(z.string()).nullable(),
  /** Names of operations, or `system.*`; null: every one. */
  operations: z.array(z.string()).nullable(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type ServiceToken = z.infer<typeof ServiceToken>;

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly string[];
  /** What it is limited to; not at all when absent. */
  readonly sites?: readonly string[] | null;
  readonly operations?: readonly string[] | null;
  /** Null: until it is revoked. */
  readonly expiresAt: Date | null;
}

const columns = sql.fragment`id, name, scopes, sites, operations, created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

/** The secret has 256 random bits, so one round of SHA-256 is enough: there is nothing to guess. */
function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The person who made it; null: nobody did, or it was made before that was kept. */
export function tokenMaker(db: Db, id: string): Promise<string | null> {
  return db.maybeOneFirst(sql.type(z.object({ by: z.string().nullable() }))`SELECT created_by AS by FROM service_tokens WHERE id = ${id}`);
}

/** What a token makes is made for whoever made that token. */
async function makerOf(tx: Tx, { kind, id }: Actor): Promise<string | null> {
  if (kind === 'service_token') return tokenMaker(tx, id);
  return kind === 'person' ? id : null;
}

/** `secret` is shown once; only its hash is kept. */
export async function createToken(
  tx: Tx,
  record: Recorder,
  request: NewToken,
  now: Date,
  actor: Actor,
): Promise<{ token: ServiceToken; secret: string }> {
  const secret = newSecret();
  const { sites = null, operations = null } = request;
  const list = (names: readonly string[] | null) => (names === null ? null : sql.array([...names], 'text'));
  const token = await tx.one(sql.type(ServiceToken)`
    INSERT INTO service_tokens (id, name, hash, scopes, sites, operations, created_at, created_by, expires_at)
    VALUES (${uuidv7(now)}, ${request.name}, ${sql.binary(hashOf(secret))}, ${list(request.scopes)}, ${list(sites)}, ${list(operations)}, ${now.toISOString()}, ${await makerOf(tx, actor)}, ${request.expiresAt?.toISOString() ?? null})
    RETURNING ${columns}
  `);
  await record(tx, {
    kind: 'service_token.created',
    actor,
    incidentId: null,
    ids: {
      token: token.id,
      scopes: request.scopes.join(' '),
      sites: sites?.join(' ') ?? null,
      operations: operations?.join(' ') ?? null,
      expiresAt: token.expiresAt,
    },
    words: { name: token.name },
  });
  return { token, secret };
}

/** Null for what is unknown, revoked or expired. `lastUsedAt` is kept to the minute. */
export async function verifyToken(db: Db, secret: string, now: Date): Promise<ServiceToken | null> {
  if (!mayBeSecret(secret)) return null;
  const hash = hashOf(secret);
  const row = await db.maybeOne(
    sql.type(
      ServiceToken.extend({ hash: z.instanceof(Buffer) }),
    )`SELECT hash, ${columns} FROM service_tokens WHERE hash = ${sql.binary(hash)}`,
  );
  if (row === null || !timingSafeEqual(row.hash, hash)) return null;
  if (row.revokedAt !== null || (row.expiresAt !== null && new Date(row.expiresAt) <= now)) return null;
  await db.query(sql.typeAlias('none')`
    UPDATE service_tokens SET last_used_at = ${now.toISOString()}
    WHERE id = ${row.id} AND (last_used_at IS NULL OR last_used_at < ${now.toISOString()}::timestamptz - interval '1 minute')
  `);
  return ServiceToken.parse(row);
}

/** False when there is no such token, or it is revoked already. */
export async function revokeToken(tx: Tx, record: Recorder, id: string, now: Date, actor: Actor): Promise<boolean> {
  const revoked = await tx.maybeOne(
    sql.typeAlias('id')`UPDATE service_tokens SET revoked_at = ${now.toISOString()} WHERE id = ${id} AND revoked_at IS NULL RETURNING id`,
  );
  if (revoked === null) return false;
  await record(tx, { kind: 'service_token.revoked', actor, incidentId: null, ids: { token: id } });
  return true;
}

/** Newest first, revoked ones included, from after that one: all unless told otherwise. */
export function listTokens(db: Db, after: string | null = null, limit: number | null = null): Promise<readonly ServiceToken[]> {
  return db.any(sql.type(ServiceToken)`
    SELECT ${columns} FROM service_tokens
    WHERE ${after}::text IS NULL OR (created_at, id) < (SELECT c.created_at, c.id FROM service_tokens c WHERE c.id = ${after})
    ORDER BY created_at DESC, id DESC LIMIT ${limit}
  `);
}
