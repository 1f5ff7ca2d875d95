import { z } from 'zod';
import { type Db, sql } from './sql.ts';

/** `hash` is of what the message says, so that an unchanged message is not sent again. */
export const SlackPost = z.object({ key: z.string(), channel: z.string(), ts: z.string(), hash: z.string() });
export type SlackPost = z.infer<typeof SlackPost>;

export function getSlackPost(db: Db, key: string): Promise<SlackPost | null> {
  return db.maybeOne(sql.type(SlackPost)`SELECT key, channel, ts, hash FROM slack_posts WHERE key = ${key}`);
}

export function slackPostsUnder(db: Db, prefix: string): Promise<readonly SlackPost[]> {
  const pattern = `${prefix.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return db.any(sql.type(SlackPost)`SELECT key, channel, ts, hash FROM slack_posts WHERE key LIKE ${pattern} ORDER BY key`);
}

export async function putSlackPost(db: Db, post: SlackPost): Promise<void> {
  await db.query(sql.typeAlias('none')`
    INSERT INTO slack_posts (key, channel, ts, hash) VALUES (${post.key}, ${post.channel}, ${post.ts}, ${post.hash})
    ON CONFLICT (key) DO UPDATE SET channel = excluded.channel, ts = excluded.ts, hash = excluded.hash, updated_at = now()
  `);
}
