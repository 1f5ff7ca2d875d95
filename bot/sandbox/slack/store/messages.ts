import type { DatabaseSync } from 'node:sqlite';
import type { Json } from '../types.ts';

export interface StoredMessage {
  readonly channel: string;
  readonly ts: string;
  /** Own `ts` for a message outside of threads and for the root of a thread. */
  readonly threadTs: string;
  /** User id of the author. */
  readonly author: string;
  /** User id of the only reader of an ephemeral message. */
  readonly visibleTo: string | null;
  /** In Slack's shape. */
  readonly body: Json;
  /** What the app asked for and Slack does not give back, e.g. `unfurl_links`. */
  readonly flags: Json;
}

export interface Range {
  readonly limit: number;
  /** Exclusive unless `inclusive`. */
  readonly oldest?: string;
  readonly latest?: string;
  readonly inclusive?: boolean;
}

export interface MessageStore {
  /** A new, strictly increasing timestamp, `seconds.microseconds`. */
  nextTs(): string;
  insert(message: StoredMessage): void;
  update(channel: string, ts: string, body: Json): void;
  remove(channel: string, ts: string): void;
  find(channel: string, ts: string): StoredMessage | undefined;
  /** Roots and messages outside of threads, newest first, with broadcast replies. */
  history(channel: string, range: Range): readonly StoredMessage[];
  /** Root and replies, oldest first. */
  thread(channel: string, threadTs: string, range: Range): readonly StoredMessage[];
  /** Newest replies of a thread, oldest first. */
  threadTail(channel: string, threadTs: string, before: string, limit: number): readonly StoredMessage[];
  /** Of the replies that everybody sees. */
  replies(channel: string, threadTs: string): { readonly count: number; readonly latest: string; readonly users: readonly string[] };
}

const farFuture = '9999999999.999999';

function rowToMessage(row: Record<string, unknown>): StoredMessage {
  return {
    channel: String(row['channel']),
    ts: String(row['ts']),
    threadTs: String(row['thread_ts']),
    author: String(row['author']),
    visibleTo: row['visible_to'] === null ? null : String(row['visible_to']),
    body: JSON.parse(String(row['body'])) as Json,
    flags: JSON.parse(String(row['flags'])) as Json,
  };
}

function clock(database: DatabaseSync): () => string {
  const newest = database.prepare('select max(ts) as ts from messages').get()?.['ts'];
  let last = typeof newest === 'string' ? BigInt(newest.replace('.', '')) : 0n;
  return () => {
    const now = BigInt(Date.now()) * 1000n;
    last = now > last ? now : last + 1n;
    const digits = last.toString();
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  };
}

/** A condition on `ts` and its two values. */
function between(range: Range): { where: string; values: [string, string] } {
  const orEqual = range.inclusive === true ? '=' : '';
  return { where: `ts >${orEqual} ? and ts <${orEqual} ?`, values: [range.oldest ?? '0', range.latest ?? farFuture] };
}

function reading(database: DatabaseSync): Pick<MessageStore, 'find' | 'history' | 'thread' | 'threadTail' | 'replies'> {
  const all = (sql: string, ...values: (string | number)[]) =>
    database
      .prepare(sql)
      .all(...values)
      .map(rowToMessage);
  return {
    find: (channel, ts) => all('select * from messages where channel = ? and ts = ?', channel, ts)[0],
    history: (channel, range) => {
      const { where, values } = between(range);
      const top = `(ts = thread_ts or json_extract(body, '$.subtype') = 'thread_broadcast')`;
      return all(
        `select * from messages where channel = ? and ${where} and ${top} order by ts desc limit ?`,
        channel,
        ...values,
        range.limit,
      );
    },
    thread: (channel, threadTs, range) => {
      const { where, values } = between(range);
      return all(
        `select * from messages where channel = ? and thread_ts = ? and ${where} order by ts limit ?`,
        channel,
        threadTs,
        ...values,
        range.limit,
      );
    },
    threadTail: (channel, threadTs, before, limit) =>
      all(
        'select * from messages where channel = ? and thread_ts = ? and ts > thread_ts and ts < ? order by ts desc limit ?',
        channel,
        threadTs,
        before,
        limit,
      ).reverse(),
    replies: (channel, threadTs) => {
      const where = 'from messages where channel = ? and thread_ts = ? and ts > thread_ts and visible_to is null';
      const row = database.prepare(`select count(*) as count, max(ts) as latest ${where}`).get(channel, threadTs);
      const users = database
        .prepare(`select distinct author ${where} limit 5`)
        .all(channel, threadTs)
        .map((found) => String(found['author']));
      return { count: Number(row?.['count'] ?? 0), latest: String(row?.['latest'] ?? ''), users };
    },
  };
}

/** Messages of every conversation, over one database. */
export function messageStore(database: DatabaseSync): MessageStore {
  return {
    nextTs: clock(database),
    insert: (message) => {
      const { channel, ts, threadTs, author, visibleTo, body, flags } = message;
      database
        .prepare('insert into messages values (?, ?, ?, ?, ?, ?, ?)')
        .run(channel, ts, threadTs, author, visibleTo, JSON.stringify(body), JSON.stringify(flags));
    },
    update: (channel, ts, body) => {
      database.prepare('update messages set body = ? where channel = ? and ts = ?').run(JSON.stringify(body), channel, ts);
    },
    remove: (channel, ts) => {
      database.prepare('delete from messages where channel = ? and ts = ?').run(channel, ts);
    },
    ...reading(database),
  };
}
