import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';
import { applicationName, listenerName } from './connection-name.ts';
import { mapError } from './map-error.ts';
import { compareSchema, migrationNames, type SchemaState } from './schema-state.ts';

/** One number for all Watchkeepers: starts that race wait for each other. */
const advisoryLock = 7_265_014_927;
const directory = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Role of the running program. An administrator may create it, with a login, before the first start. */
export const applicationRole = 'watchkeeper_app';
/** Owns every table; nobody logs in as it. */
export const ownerRole = 'watchkeeper_owner';

export interface MigrateOptions {
  /** Where there is something to do, it is done only while nobody else of ours is connected. */
  readonly alone: boolean;
}

async function roleExists(client: pg.Client, role: string): Promise<boolean> {
  const found = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  return found.rowCount === 1;
}

async function mayCreateRoles(client: pg.Client): Promise<boolean> {
  const found = await client.query('SELECT FROM pg_roles WHERE rolname = current_user AND (rolcreaterole OR rolsuper)');
  return found.rowCount === 1;
}

/** Roles belong to the whole cluster, so another database's migration may create the same one at the same time. */
async function ensureApplicationRole(client: pg.Client): Promise<boolean> {
  if (await roleExists(client, applicationRole)) return true;
  if (!(await mayCreateRoles(client))) return false;
  try {
    await client.query(`CREATE ROLE ${applicationRole} NOLOGIN`);
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code !== '42710' && code !== '23505') throw error;
  }
  return true;
}

async function becomeOwner(client: pg.Client): Promise<void> {
  if (!(await roleExists(client, ownerRole))) return;
  const member = await client.query(
    "SELECT FROM pg_roles WHERE rolname = current_user AND pg_has_role(current_user, $1, 'MEMBER') AND NOT rolsuper",
    [ownerRole],
  );
  if (member.rowCount === 1) await client.query(`SET ROLE ${ownerRole}`);
}

/** Programs of ours go on that may not be able to do their work on the new schema. */
export class StillRunning extends Error {
  readonly code = 'still_running';
  constructor(pending: readonly string[], connections: number) {
    super(
      `${connections} connections of running Watchkeepers are open, and ${pending.length} migrations wait (${pending.join(', ')}): they take locks, and ` +
        'programs of the version before may not be able to record decisions afterwards. Stop all roles, run this again, and start the new version. Nothing was changed.',
    );
    this.name = 'StillRunning';
  }
}

/** What this program and a database that lists its migrations so are to each other. */
export function schemaState(applied: readonly string[]): SchemaState {
  return compareSchema(migrationNames(directory), applied);
}

/** Connections to this database of others than migrations; versions before 0040 gave no name, and are known by their role. */
async function othersConnected(client: pg.Client): Promise<number> {
  const found = await client.query<{ count: string }>(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
     AND (application_name IN ($1, $2) OR (application_name = '' AND usename = $3))`,
    [applicationName, listenerName, applicationRole],
  );
  return Number(found.rows[0]?.count ?? 0);
}

/** Throws StillRunning. */
async function refuseWhileRunning(client: pg.Client): Promise<void> {
  const has = await client.query("SELECT FROM pg_tables WHERE tablename = 'schema_migrations'");
  if (has.rowCount === 0) return;
  const applied = await client.query<{ name: string }>('SELECT name FROM schema_migrations');
  const { pending } = schemaState(applied.rows.map(({ name }) => name));
  const others = pending.length === 0 ? 0 : await othersConnected(client);
  if (others > 0) throw new StillRunning(pending, others);
}

async function migrateWith(client: pg.Client, log: Logger, { alone }: MigrateOptions): Promise<readonly string[]> {
  await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
  if (alone) await refuseWhileRunning(client);
  const hasRole = await ensureApplicationRole(client);
  if (!hasRole) log.warn('the migration role may not create roles: the program runs with the rights of the role in DATABASE_URL');
  await becomeOwner(client);
  const done = await runner({
    dbClient: client,
    dir: directory,
    migrationsTable: 'schema_migrations',
    direction: 'up',
    noLock: true,
    singleTransaction: true,
    logger: {
      debug: () => {},
      info: () => {},
      warn: (detail) => log.warn({ detail }, 'migration'),
      error: (detail) => log.error({ detail }, 'migration'),
    },
  });
  if (hasRole) await client.query('SELECT grant_application_rights($1)', [applicationRole]);
  return done.map((migration) => migration.name);
}

/**
 * Brings the database to the newest schema; answers the names of the files that ran. Safe to call from several starts at once.
 * `url` is that of the owner (DATABASE_MIGRATION_URL). Throws StoreUnavailable, StillRunning.
 */
export async function migrate(url: string, log: Logger, options: MigrateOptions = { alone: false }): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'watchkeeper-migrate' });
  client.on('error', (error) => log.warn({ code: error.name }, 'the migration connection failed'));
  try {
    await client.connect();
    const names = await migrateWith(client, log, options);
    log.info({ names }, 'database schema is up to date');
    return names;
  } catch (error) {
    throw mapError(error);
  } finally {
    await client.end().catch(() => {});
  }
}
