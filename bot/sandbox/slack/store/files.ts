import type { DatabaseSync } from 'node:sqlite';

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  /** Bytes, as announced. */
  readonly length: number;
  readonly altText: string;
  /** Null until uploaded. */
  readonly content: Uint8Array | null;
  /** Null until the upload is completed. */
  readonly title: string | null;
  /** Syntax of a snippet, e.g. `diff`; null for other files. */
  readonly snippet: string | null;
}

/** Null where there is no such file. */
export function findFile(database: DatabaseSync, id: string): StoredFile | null {
  const row = database.prepare('select files.*, snippets.type from files left join snippets on file = id where id = ?').get(id);
  if (row === undefined) return null;
  return {
    id,
    name: String(row['name']),
    length: Number(row['length']),
    altText: String(row['alt_text']),
    content: row['content'] instanceof Uint8Array ? row['content'] : null,
    title: row['title'] === null ? null : String(row['title']),
    snippet: row['type'] === null ? null : String(row['type']),
  };
}

export function announceFile(database: DatabaseSync, file: Omit<StoredFile, 'content' | 'title'>): void {
  const { id, name, length, altText, snippet } = file;
  database.prepare('insert into files (id, name, length, alt_text) values (?, ?, ?, ?)').run(id, name, length, altText);
  if (snippet !== null) database.prepare('insert into snippets values (?, ?)').run(id, snippet);
}

export function fillFile(database: DatabaseSync, id: string, content: Uint8Array): void {
  database.prepare('update files set content = ? where id = ?').run(content, id);
}

export function completeFile(database: DatabaseSync, id: string, title: string): void {
  database.prepare('update files set title = ? where id = ?').run(title, id);
}

export function textOf(file: StoredFile): string {
  return new TextDecoder().decode(file.content ?? new Uint8Array());
}
