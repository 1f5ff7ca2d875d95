import { DatabaseSync } from 'node:sqlite';

const schema = `
create table if not exists documents (
  seq integer primary key autoincrement, kind text not null, id text not null, parent text, body text not null, unique (kind, id)) strict;
create index if not exists documents_by_parent on documents (kind, parent, seq);
create table if not exists calls (
  seq integer primary key autoincrement, at text not null, operation text not null, status integer not null, effect text, input text not null) strict;
`;

/** One call that arrived. */
export interface LedgerEntry {
  readonly seq: number;
  readonly at: string;
  /** e.g. `notes.create`, `issueCreate`. */
  readonly operation: string;
  /** HTTP status that was answered; 0 when the answer was withheld. */
  readonly status: number;
  /** Id of what the call created or changed; null when it had no effect. */
  readonly effect: string | null;
  readonly input: unknown;
}

/** What a stand-in keeps, in one file: objects in the peer's own shapes, and every call. */
export interface Documents {
  /** Inserts, or replaces the body. */
  put(kind: string, id: string, parent: string | null, body: object): void;
  get<T>(kind: string, id: string): T | undefined;
  /** Oldest first; of one parent, or all. */
  list<T>(kind: string, parent?: string): readonly T[];
  remove(kind: string, id: string): void;
  /** A value that is made once and kept, e.g. a token. */
  keep(key: string, make: () => string): string;
  record(entry: Omit<LedgerEntry, 'seq' | 'at'>): void;
  ledger(): readonly LedgerEntry[];
  close(): void;
}

function calls(database: DatabaseSync): Pick<Documents, 'record' | 'ledger'> {
  return {
    record: ({ operation, status, effect, input }) => {
      const insert = database.prepare('insert into calls (at, operation, status, effect, input) values (?, ?, ?, ?, ?)');
      insert.run(new Date().toISOString(), operation, status, effect, JSON.stringify(input ?? null));
    },
    ledger: () =>
      database
        .prepare('select * from calls order by seq')
        .all()
        .map((row) => ({
          seq: Number(row['seq']),
          at: String(row['at']),
          operation: String(row['operation']),
          status: Number(row['status']),
          effect: row['effect'] === null ? null : String(row['effect']),
          input: JSON.parse(String(row['input'])) as unknown,
        })),
  };
}

/** `dataFile` is a path, or `:memory:`. */
export function openDocuments(dataFile: string): Documents {
  const database = new DatabaseSync(dataFile);
  database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
  database.exec(schema);
  const upsert = `insert into documents (kind, id, parent, body) values (?, ?, ?, ?) on conflict (kind, id) do update set body = excluded.body`;
  const documents: Omit<Documents, 'keep'> = {
    put: (kind, id, parent, body) => void database.prepare(upsert).run(kind, id, parent, JSON.stringify(body)),
    get: <T>(kind: string, id: string) => {
      const row = database.prepare('select body from documents where kind = ? and id = ?').get(kind, id);
      return row === undefined ? undefined : (JSON.parse(String(row['body'])) as T);
    },
    list: <T>(kind: string, parent?: string) => {
      const of = parent === undefined ? '' : ' and parent = ?';
      const rows = database
        .prepare(`select body from documents where kind = ?${of} order by seq`)
        .all(kind, ...(parent === undefined ? [] : [parent]));
      return rows.map((row) => JSON.parse(String(row['body'])) as T);
    },
    remove: (kind, id) => void database.prepare('delete from documents where kind = ? and id = ?').run(kind, id),
    ...calls(database),
    close: () => database.close(),
  };
  return { ...documents, keep: (key, make) => keep(documents, key, make) };
}

function keep(documents: Omit<Documents, 'keep'>, key: string, make: () => string): string {
  const kept = documents.get<{ value: string }>('kept', key);
  if (kept !== undefined) return kept.value;
  const value = make();
  documents.put('kept', key, null, { value });
  return value;
}
