import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Db, sql } from './sql.ts';

export const WebSession = z.object({
  /** The hash of its id in hexadecimal. */
  hash: z.string(),
  subject: z.string(),
  person: z.string(),
  signedInAt: z.string().nullable(),
  /** What the browser said of itself. */
  agent: z.string(),
  createdAt: z.string(),
  seenAt: z.string(),
  expiresAt: z.string(),
  /** Sealed; null: none. */
  draft: z.string().nullable(),
});
export type WebSession = z.infer<typeof WebSession>;

/** What is stored of the id that the browser has. */
export function hashOfSession(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

const columns = sql.fragment`encode(id, 'hex') AS hash, subject, person, signed_in_at AS "signedInAt", agent, created_at AS "createdAt",
  seen_at AS "seenAt", expires_at AS "expiresAt", draft`;
const keyed = (hash: string) => sql.fragment`id = ${sql.binary(Buffer.from(hash, 'hex'))}`;

export async function insertWebSession(db: Db, session: WebSession): Promise<void> {
  await db.query(sql.typeAlias('none')`
    INSERT INTO web_sessions (id, subject, person, signed_in_at, agent, created_at, seen_at, expires_at, draft)
    VALUES (${sql.binary(Buffer.from(session.hash, 'hex'))}, ${session.subject}, ${session.person}, ${session.signedInAt},
      ${session.agent}, ${session.createdAt}, ${session.seenAt}, ${session.expiresAt}, ${session.draft})
  `);
}

export function getWebSession(db: Db, hash: string): Promise<WebSession | null> {
  return db.maybeOne(sql.type(WebSession)`SELECT ${columns} FROM web_sessions WHERE ${keyed(hash)}`);
}

/** Most recently used first. */
export function webSessionsOf(db: Db, subject: string): Promise<readonly WebSession[]> {
  return db.any(sql.type(WebSession)`SELECT ${columns} FROM web_sessions WHERE subject = ${subject} ORDER BY seen_at DESC LIMIT 100`);
}

export async function touchWebSession(db: Db, hash: string, at: Date): Promise<void> {
  await db.query(sql.typeAlias('none')`UPDATE web_sessions SET seen_at = ${at.toISOString()} WHERE ${keyed(hash)}`);
}

export async function setDraft(db: Db, hash: string, draft: string | null): Promise<void> {
  await db.query(sql.typeAlias('none')`UPDATE web_sessions SET draft = ${draft} WHERE ${keyed(hash)}`);
}

/** Answers it as it was; null: there was none of that subject. */
export function endWebSession(db: Db, hash: string, subject: string): Promise<WebSession | null> {
  return db.maybeOne(sql.type(WebSession)`DELETE FROM web_sessions WHERE ${keyed(hash)} AND subject = ${subject} RETURNING ${columns}`);
}

/** Takes away those that ended before then. */
export async function forgetWebSessions(db: Db, before: Date): Promise<void> {
  await db.query(sql.typeAlias('none')`DELETE FROM web_sessions WHERE expires_at < ${before.toISOString()}`);
}
