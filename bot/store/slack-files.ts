import { z } from 'zod';
import { type Db, sql } from './sql.ts';

/** A file in Slack. `file` is null until its content was uploaded; `shared`: people see it. */
export const SlackFile = z.object({ file: z.string().nullable(), permalink: z.string().nullable(), shared: z.boolean() });
export type SlackFile = z.infer<typeof SlackFile>;

const columns = sql.fragment`key, file, permalink, shared_at IS NOT NULL AS shared`;
const Row = SlackFile.extend({ key: z.string() });

/** Those of the keys that are shared. */
export async function sharedSlackFiles(db: Db, keys: readonly string[]): Promise<ReadonlyMap<string, SlackFile>> {
  const rows = await db.any(sql.type(Row)`
    SELECT ${columns} FROM slack_files WHERE key = ANY(${sql.array([...keys], 'text')}) AND shared_at IS NOT NULL
  `);
  return new Map(rows.map(({ key, ...file }) => [key, file]));
}

/** Takes it for `seconds`, and answers how far it is; null when it is shared already, or when another process has it. */
export function claimSlackFile(db: Db, key: string, seconds: number): Promise<SlackFile | null> {
  return db.maybeOne(sql.type(Row)`
    INSERT INTO slack_files (key, lease_until) VALUES (${key}, now() + make_interval(secs => ${seconds}))
    ON CONFLICT (key) DO UPDATE SET lease_until = excluded.lease_until
    WHERE slack_files.shared_at IS NULL AND (slack_files.lease_until IS NULL OR slack_files.lease_until <= now())
    RETURNING ${columns}
  `);
}

/** Its content is in Slack, and nobody sees it yet. */
export async function slackFileUploaded(db: Db, key: string, file: string): Promise<void> {
  await db.query(sql.typeAlias('none')`UPDATE slack_files SET file = ${file} WHERE key = ${key} AND shared_at IS NULL`);
}

/** For good. */
export async function slackFileShared(db: Db, key: string, permalink: string | null): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE slack_files SET permalink = ${permalink}, shared_at = now(), lease_until = NULL WHERE key = ${key} AND shared_at IS NULL
  `);
}

/** To be taken up again, by anybody. */
export async function releaseSlackFile(db: Db, key: string): Promise<void> {
  await db.query(sql.typeAlias('none')`UPDATE slack_files SET lease_until = NULL WHERE key = ${key} AND shared_at IS NULL`);
}
