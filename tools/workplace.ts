import { existsSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory below TMPDIR that only this user enters, with what a process and its programs need while it lives. */
export interface Workplace {
  /** Made when it is first asked for, and again where something cleared it away. */
  path(): Promise<string>;
  /** Removes it with all that is in it. */
  close(): Promise<void>;
}

interface Made {
  readonly path: string;
  readonly mark: Server;
}

const prefix = 'watchkeeper-runner-';
const markName = 'alive';

export function createWorkplace(): Workplace {
  let made: Promise<Made> | null = null;

  function opened(): Promise<Made> {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  }

  return {
    async path() {
      const before = opened();
      const { path, mark } = await before;
      if (existsSync(path)) return path;
      if (made === before) {
        mark.close();
        made = null;
      }
      return (await opened()).path;
    },
    async close() {
      const last = await made?.catch(() => null);
      made = null;
      last?.mark.close();
      if (last) await rm(last.path, { recursive: true, force: true });
    },
  };
}

/**
 * The mark is a socket that this process listens at: the kernel closes it with the process, however that ends, in whatever container, and a
 * number that a process has is another's afterwards.
 */
async function make(): Promise<Made> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  const mark = createServer((socket) => socket.destroy());
  await new Promise<void>((listens) => {
    // Where there can be none (a long path, a file system without sockets) the directory is as good, and stays where this process is killed.
    mark.once('error', () => listens());
    mark.listen(join(path, markName), listens);
  });
  mark.unref();
  return { path, mark };
}

/** Removes what processes of this user left behind that did not end by themselves. Resolves to how many did so. */
export async function clearWorkplaces(): Promise<number> {
  const names = (await readdir(tmpdir()).catch(() => [])).filter((name) => name.startsWith(prefix));
  const cleared = await Promise.all(names.map((name) => clear(join(tmpdir(), name)).catch(() => false)));
  return cleared.filter(Boolean).length;
}

async function clear(path: string): Promise<boolean> {
  const [place, mark] = await Promise.all([lstat(path), lstat(join(path, markName))]);
  const own = place.isDirectory() && (place.mode & 0o777) === 0o700 && mark.isSocket();
  if (!own || [place, mark].some(({ uid }) => uid !== process.getuid?.()) || !(await isDead(join(path, markName)))) return false;
  await rm(path, { recursive: true, force: true });
  return true;
}

/** Only what the kernel refuses has no listener. Whatever else happens, somebody may live. */
function isDead(path: string): Promise<boolean> {
  const socket = new Socket();
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(false));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
    socket.connect({ path });
  }).finally(() => socket.destroy());
}
