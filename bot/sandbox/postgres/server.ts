import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { asAccount, serverAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { explain, PostgresFailed } from './errors.ts';
import { isAlive } from './lock.ts';

/** Where a cluster lives. `data` belongs to the server's account, `log` and the rest to the present user. */
export interface Place {
  readonly dir: string;
  readonly data: string;
  readonly log: string;
}

const startMs = 60_000;
const stopMs = 15_000;
const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--lc-messages=C'];

function tail(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').slice(-4_000) : '';
}

function launch(place: Place, argv: readonly string[]): ChildProcess {
  const { argv: command, ids } = asAccount(argv, serverAccount(place.data), [argv[0] ?? '', place.data]);
  const log = openSync(place.log, 'a', 0o600);
  try {
    // A group of its own: Ctrl-C in the terminal reaches the program, which stops its other parts before the database.
    return spawn(command[0] ?? '', command.slice(1), {
      ...ids,
      cwd: '/',
      detached: true,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** The files are made beside their place and moved when they are whole, so an interrupted first start leaves nothing half done. */
export async function initialise(place: Place, binaries: Binaries, password: string, durable: boolean): Promise<void> {
  if (existsSync(join(place.data, 'PG_VERSION'))) return;
  const fresh = `${place.data}.new`;
  const secret = join(fresh, '..', 'initdb-password');
  rmSync(fresh, { recursive: true, force: true });
  rmSync(place.data, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(secret, password, { mode: 0o600 });
  try {
    const account = serverAccount(fresh);
    if (account !== null) for (const path of [fresh, secret]) chownSync(path, account.uid, account.gid);
    const flags = [
      `--pgdata=${fresh}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${secret}`,
      ...locale,
      ...(durable ? [] : ['--no-sync']),
    ];
    const child = launch({ ...place, data: fresh }, [binaries.initdb, ...flags]);
    const [status] = await once(child, 'exit');
    if (status !== 0)
      throw new PostgresFailed(`Postgres could not set up its files: ${explain(tail(place.log), place.dir)} (${place.log})`);
    renameSync(fresh, place.data);
  } finally {
    rmSync(secret, { force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function untilGone(pid: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await delay(50)) if (!isAlive(pid)) return true;
  return !isAlive(pid);
}

/** A program that was killed leaves its server running, or a pid file that names nobody, or somebody else. */
export async function clearLeftovers(place: Place): Promise<void> {
  const path = join(place.data, 'postmaster.pid');
  if (!existsSync(path)) return;
  const pid = Number(readFileSync(path, 'utf8').split('\n')[0]);
  if (Number.isInteger(pid) && pid > 1 && isAlive(pid) && commandOf(pid).includes(place.data)) {
    process.kill(pid, 'SIGINT');
    if (!(await untilGone(pid, stopMs))) process.kill(pid, 'SIGQUIT');
    if (!(await untilGone(pid, stopMs)))
      throw new PostgresFailed(`the Postgres of an earlier start (process ${pid}) does not stop: end it, then start again`);
  }
  rmSync(path, { force: true });
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '28P01')
      throw new PostgresFailed('the embedded Postgres refuses its stored password', error);
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

export interface Server {
  /** Resolves when the process ended, for whatever reason. */
  readonly exited: Promise<void>;
  /** Ends connections, writes everything to disk; repeated calls wait for the same end. */
  stop(): Promise<void>;
}

/** Resolves when the server answers at `url`. Throws PostgresFailed, with the reason, when it ends before that. */
export async function serve(
  place: Place,
  binaries: Binaries,
  port: number,
  url: string,
  settings: Readonly<Record<string, string>>,
): Promise<Server> {
  const flags = Object.entries({ listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = launch(place, [binaries.postgres, '-D', place.data, '-p', String(port), ...flags]);
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once('exit', end).once('error', end);
  });
  const stop = async () => {
    if (!ended) child.kill('SIGINT');
    const late = setTimeout(() => child.kill('SIGQUIT'), stopMs);
    await exited.finally(() => clearTimeout(late));
  };
  for (const end = Date.now() + startMs; !ended && Date.now() < end; await delay(50)) if (await answers(url)) return { exited, stop };
  await stop();
  throw new PostgresFailed(`Postgres did not start: ${explain(tail(place.log), place.dir)} (${place.log})`);
}
