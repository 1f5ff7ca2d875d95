import { readdirSync } from 'node:fs';
import { z } from 'zod';
import { type Db, sql } from './sql.ts';

/** How the schema of a database and this program stand to each other. */
export interface SchemaState {
  /** Migrations that this program has and the database has not, in their order. */
  readonly pending: readonly string[];
  /** Migrations that the database has and this program has not: the program is the older one. */
  readonly unknown: readonly string[];
}

/** Of what is in `migrations/`. */
export function migrationNames(directory: URL | string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length))
    .toSorted();
}

export function compareSchema(known: readonly string[], applied: readonly string[]): SchemaState {
  return { pending: known.filter((name) => !applied.includes(name)), unknown: applied.filter((name) => !known.includes(name)) };
}

/** Null: the database has no schema of ours. */
export async function appliedMigrations(db: Db): Promise<readonly string[] | null> {
  if (!(await db.exists(sql.typeAlias('none')`SELECT FROM pg_tables WHERE tablename = 'schema_migrations'`))) return null;
  return db.anyFirst(sql.type(z.object({ name: z.string() }))`SELECT name FROM schema_migrations ORDER BY name`);
}
