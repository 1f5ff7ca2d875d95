import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PostgresFailed } from './errors.ts';

/** Whom the server runs as, where that is not the present user. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const candidates = ['postgres', 'nobody'];

function accountNamed(name: string, passwd: string): Account | null {
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':');
  if (fields === undefined) return null;
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** Postgres refuses to run as root. Null when the present user will do; data that exists decides by its owner. */
export function serverAccount(dataDir: string, passwd = '/etc/passwd'): Account | null {
  if (process.getuid?.() !== 0) return null;
  if (existsSync(dataDir)) {
    const { uid, gid } = statSync(dataDir);
    if (uid !== 0) return { uid, gid };
  }
  const text = readFileSync(passwd, 'utf8');
  for (const name of candidates) {
    const account = accountNamed(name, text);
    if (account !== null) return account;
  }
  throw new PostgresFailed(
    'Postgres does not run as root, and there is neither a user postgres nor a user nobody: create one, start as another user, or set DATABASE_URL',
  );
}

function canEnter(directory: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(directory);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** Whether the account may enter every directory above the path: false below root's private home. */
export function canReach(path: string, account: Account): boolean {
  const parent = dirname(path);
  if (parent === path) return true;
  return canEnter(parent, account) && canReach(parent, account);
}

/**
 * The command that runs `argv` as the account. Below a directory that only root may enter, setpriv (util-linux) lends the one capability that lets it pass.
 */
export function asAccount(
  argv: readonly string[],
  account: Account | null,
  paths: readonly string[],
): { argv: readonly string[]; ids: Partial<Account> } {
  if (account === null) return { argv, ids: {} };
  if (paths.every((path) => canReach(path, account))) return { argv, ids: account };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  if (setpriv === undefined) {
    throw new PostgresFailed(
      `Postgres does not run as root, and no other user may enter ${paths[0]}: move the checkout out of root's home, start as another user, or set DATABASE_URL`,
    );
  }
  const lend = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { argv: [setpriv, `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', ...lend, ...argv], ids: {} };
}
