import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinaries } from '../../tools/binaries.ts';

/** A program of a test peer, in a process group of its own so that its children end with it. */
export interface Peer {
  readonly name: string;
  stop(): Promise<void>;
}

/** Rejects with the names of the programs that are not on PATH. */
export async function requirePrograms(names: readonly string[]): Promise<void> {
  const found = await findBinaries(names, process.env['PATH'] ?? '');
  const missing = names.filter((name) => found[name] === undefined);
  if (missing.length > 0) throw new Error(`not on PATH: ${missing.join(', ')} (.ci/run says where they come from)`);
}

/** A test run that is interrupted leaves no servers behind. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) signalGroup(child, 'SIGKILL');
});

export interface PeerOptions {
  /** Unset: its name. */
  readonly program?: string;
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a program found on PATH; what it prints goes to `logFile`. */
export function startPeer(name: string, argv: readonly string[], logFile: string, { program = name, env = {} }: PeerOptions = {}): Peer {
  const log = createWriteStream(logFile);
  const child = spawn(program, argv, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      log.write(`${error.message}\n`);
      resolve();
    });
  });
  const signal = (which: NodeJS.Signals): void => signalGroup(child, which);
  children.add(child);
  return {
    name,
    stop: async () => {
      signal('SIGTERM');
      const killer = setTimeout(() => signal('SIGKILL'), 3_000);
      await ended;
      clearTimeout(killer);
      children.delete(child);
      log.end();
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A TCP port on the loopback interface that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/** Asks until the answer is not undefined; a rejection counts as not yet. Rejects after `withinMs` with the last reason. */
export async function until<T>(what: string, withinMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await delay(100);
  }
  throw new Error(`${what}: not within ${withinMs} ms`, { cause: last });
}
