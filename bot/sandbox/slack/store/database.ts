import { DatabaseSync } from 'node:sqlite';

const schema = `
create table if not exists meta (key text primary key, value text not null) strict;
create table if not exists messages (
  channel text not null, ts text not null, thread_ts text not null, author text not null,
  visible_to text, body text not null, flags text not null,
  primary key (channel, ts)) strict;
create index if not exists messages_by_thread on messages (channel, thread_ts, ts);
create table if not exists events (
  id text primary key, seq integer not null, payload text not null, attempt integer not null, reason text not null, due integer not null) strict;
create table if not exists files (
  id text primary key, name text not null, length integer not null, alt_text text not null, content blob, title text) strict;
create table if not exists snippets (file text primary key, type text not null) strict;
create table if not exists homes (user text primary key, view text not null) strict;
`;

/** Opens (and creates) the database; tables hold JSON texts in Slack's own shapes. */
export function openDatabase(dataFile: string): DatabaseSync {
  const database = new DatabaseSync(dataFile);
  database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
  database.exec(schema);
  return database;
}

/** Reads a value that is made once and kept, e.g. a token. */
export function keep(database: DatabaseSync, key: string, make: () => string): string {
  const row = database.prepare('select value from meta where key = ?').get(key);
  if (row !== undefined) return String(row['value']);
  const value = make();
  database.prepare('insert into meta (key, value) values (?, ?)').run(key, value);
  return value;
}
