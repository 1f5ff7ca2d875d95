import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canReach, serverAccount } from './postgres/account.ts';
import { explain } from './postgres/errors.ts';
import { holdDirectory } from './postgres/lock.ts';
import { type EmbeddedPostgres, startPostgres } from './postgres.ts';

const log = pino({ level: 'silent' });
let dir: string;
let running: EmbeddedPostgres[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watchkeeper-postgres-'));
  chmodSync(dir, 0o711);
  running = [];
});
afterEach(async () => {
  for (const postgres of running) await postgres.close();
  rmSync(dir, { recursive: true, force: true });
});

async function start(dataDir = dir, port = 0): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ dataDir, port, log, settings: { fsync: 'off' } });
  running.push(postgres);
  return postgres;
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const postmaster = () => Number(readFileSync(join(dir, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

test('data stays over a restart, and over kill -9 of the server', async () => {
  const first = await start();
  await query(first.migrationUrl, 'SET ROLE watchkeeper_owner; CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)');
  await first.close();
  const second = await start();
  await query(second.migrationUrl, 'SET ROLE watchkeeper_owner; INSERT INTO kept VALUES (2)');
  process.kill(postmaster(), 'SIGKILL');
  await second.exited;
  expect(existsSync(join(dir, 'data', 'postmaster.pid'))).toBe(true);
  const third = await start();
  expect(await query(third.superuserUrl.replace(/postgres$/, 'watchkeeper'), 'SELECT n FROM kept ORDER BY n')).toEqual([
    { n: 1 },
    { n: 2 },
  ]);
});

test('a server that outlived its program is stopped and replaced', async () => {
  const first = await start();
  const orphan = postmaster();
  rmSync(join(dir, 'holder.json'));
  const second = await start();
  await first.exited;
  expect(postmaster()).not.toBe(orphan);
  expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a pid file that names another program is no obstacle', async () => {
  await (await start()).close();
  writeFileSync(join(dir, 'data', 'postmaster.pid'), `${process.pid}\n${join(dir, 'data')}\n`);
  const again = await start();
  expect(await query(again.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a second program on the same data is refused with the first one named', async () => {
  await start();
  await expect(startPostgres({ dataDir: dir, port: 0, log })).rejects.toThrow(new RegExp(`in use by process ${process.pid}`));
});

test('a port in use is said, and the directory is free again', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startPostgres({ dataDir: dir, port, log })).rejects.toThrow(/port is in use/);
  other.close();
  await start();
});

test('a first start that broke off is made anew', async () => {
  const half = join(dir, 'data.new');
  execFileSync('mkdir', ['-p', half]);
  writeFileSync(join(half, 'PG_VERSION'), '18\n');
  const postgres = await start();
  expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('the log is in a file, and passwords are for the owner of the process alone', async () => {
  await start();
  expect(readFileSync(join(dir, 'postgres.log'), 'utf8')).toMatch(/ready to accept connections/);
  expect(
    execFileSync('stat', ['-c', '%a', join(dir, 'postgres-passwords.json'), join(dir, 'postgres.log'), join(dir, 'data')], {
      encoding: 'utf8',
    }),
  ).toBe('600\n600\n700\n');
});

test.runIf(process.getuid?.() === 0 && existsSync('/usr/bin/setpriv'))(
  'as root it starts below a directory that only root may enter',
  async () => {
    chmodSync(dir, 0o700);
    const postgres = await start(join(dir, 'inner'));
    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  },
);

describe('reasons', () => {
  test.each([
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', /disk .* is full/],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', /port is in use/],
    [
      'DETAIL:  The data directory was initialized by PostgreSQL version 17, which is not compatible with this version 18.4.',
      /another major version/,
    ],
    ['FATAL:  something new', /its log says why/],
  ])('%s', (line, words) => {
    expect(explain(line, '/data')).toMatch(words);
  });
});

test('the hold of a process that is gone, or of another with its id, does not count', () => {
  const path = join(dir, 'holder.json');
  writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'another time' }));
  holdDirectory(path, dir)();
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, '{"pid": 4');
  holdDirectory(path, dir)();
});

test('an account reaches what every directory above lets it enter', () => {
  const account = { uid: 64_000, gid: 64_000 };
  expect(canReach(join(dir, 'x'), account)).toBe(true);
  chmodSync(dir, 0o700);
  expect(canReach(join(dir, 'x'), account)).toBe(false);
});

test.runIf(process.getuid?.() === 0)('as root the server runs as postgres, else as nobody', () => {
  const passwd = join(dir, 'passwd');
  writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n');
  expect(serverAccount(join(dir, 'none'), passwd)).toEqual({ uid: 65_534, gid: 65_534 });
  writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\n');
  expect(() => serverAccount(join(dir, 'none'), passwd)).toThrow(/neither a user postgres/);
});
