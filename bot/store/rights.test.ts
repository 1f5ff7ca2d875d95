import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from './fixtures.ts';
import { migrate } from './migrate.ts';
import { createPool } from './pool.ts';
import { sql } from './sql.ts';
import { createTestDatabase, silent, type TestDatabase } from './testing.ts';

let db: TestDatabase;
let app: pg.Client;
beforeAll(async () => {
  db = await createTestDatabase();
  await seed(db.store());
  app = new pg.Client({ connectionString: db.url });
  await app.connect();
});
afterAll(async () => {
  await app.end();
  await db.close();
});

test.each([
  'UPDATE audit_entries SET kind = kind',
  'DELETE FROM audit_entries',
  'TRUNCATE audit_entries',
  "INSERT INTO audit_entries (at, kind, actor, body, leaf) VALUES (now(), 'x', 'x', '{}', '')",
  "INSERT INTO audit_disclosures (entry_id, words) VALUES (1, '{}')",
  'UPDATE audit_sequence SET entry_id = entry_id',
  'DELETE FROM audit_sequence',
  'DELETE FROM audit_checkpoints',
  "INSERT INTO audit_search (seq, at, kind, actor) VALUES (1, now(), 'x', 'x')",
  'DELETE FROM audit_search',
  "INSERT INTO audit_checkpoints (size, note, at) VALUES (1, 'x', '2001-01-01')",
  'DELETE FROM audit_keys',
  "INSERT INTO audit_log (origin) VALUES ('other')",
  "INSERT INTO application_routines (signature) VALUES ('x')",
  'DELETE FROM audit_disclosures',
  'UPDATE audit_disclosures SET words = \'"other"\'',
  'DELETE FROM votes',
  'DELETE FROM plans',
  'UPDATE plans SET body = body',
  'UPDATE plans SET expires_at = expires_at',
  'UPDATE grants SET expires_at = now()',
  "UPDATE service_tokens SET scopes = '{tokens:admin}'",
  "UPDATE plan_transitions SET to_state = 'approved'",
  "INSERT INTO plan_transitions VALUES ('rejected', 'approved')",
  'ALTER TABLE audit_entries DISABLE TRIGGER ALL',
  'DROP TABLE audit_entries',
  'CREATE TABLE mine (id int)',
  "SELECT grant_application_rights('watchkeeper_app')",
  'SET ROLE watchkeeper_owner',
  "UPDATE application_rights SET privileges = 'ALL'",
  "INSERT INTO schema_migrations (name, run_on) VALUES ('x', now())",
])('the application role may not: %s', async (statement) => {
  await expect(app.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('the owner has no login, and owns the tables', async () => {
  const owner = await db.force("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'watchkeeper_owner'");
  expect(owner.rows).toEqual([{ rolcanlogin: false, rolsuper: false }]);
  const owners = await db.force("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'");
  expect(owners.rows).toEqual([{ tableowner: 'watchkeeper_owner' }]);
});

test('ten starts that migrate at once all succeed, and none runs a file again', async () => {
  const ran = await Promise.all(Array.from({ length: 10 }, () => migrate(db.migrationUrl, silent)));
  expect(ran.flat()).toEqual([]);
});

test('a migration that has something to do waits until nobody else is connected, unless it is told not to', async () => {
  // The newest, since none may run before one that has run.
  await db.force(
    "DELETE FROM schema_migrations WHERE name = '0045_who_asked'; ALTER TABLE incidents DROP COLUMN co_requesters; ALTER TABLE service_tokens DROP COLUMN created_by",
  );
  await expect(migrate(db.migrationUrl, silent, { alone: true })).rejects.toMatchObject({
    code: 'still_running',
    message: expect.stringMatching(/^[1-9]\d* connections of running Watchkeepers are open, and 1 migrations wait \(0045_who_asked\)/),
  });
  expect((await db.force("SELECT FROM schema_migrations WHERE name = '0045_who_asked'")).rowCount).toBe(0);
  expect(await migrate(db.migrationUrl, silent)).toEqual(['0045_who_asked']);
  expect(await migrate(db.migrationUrl, silent, { alone: true })).toEqual([]);
});

test('programs are known by their name in the list of connections', async () => {
  const seen = await db.force(
    'SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  expect(seen.rows.map(({ name }) => name)).toContain('watchkeeper');
});

test('a database that is away is StoreUnavailable, within a few seconds', async () => {
  await expect(createPool('postgres://nobody:none@127.0.0.1:1/none', silent)).rejects.toMatchObject({
    code: 'store_unavailable',
    reason: 'unreachable',
  });
  await expect(migrate('postgres://nobody:none@127.0.0.1:1/none', silent)).rejects.toMatchObject({ code: 'store_unavailable' });
});

test('a connection that is cut in a transaction is StoreUnavailable, and the next call works', async () => {
  const pool = await createPool(db.url, silent, 1);
  const cut = pool.transaction(async (tx) => {
    await db.force(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'watchkeeper_app' AND state = 'idle in transaction'",
    );
    await tx.query(sql.typeAlias('none')`SELECT`);
  });
  await expect(cut).rejects.toMatchObject({ code: 'store_unavailable' });
  await db.store({ pool }).ping();
  await pool.end();
});
