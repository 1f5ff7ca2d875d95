import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import type { Logger } from 'pino';
import { keepHead } from './bounded.ts';
import { createGuard, type Guard, guardScript } from './guard.ts';
import { keepItems, type ListOutput } from './items.ts';
import type { Workplace } from './workplace.ts';

export interface RunRequest {
  /** Absolute path of the program. No shell, no search on PATH. */
  readonly file: string;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Added to the fixed environment; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Unset: a private directory that is removed afterwards. */
  readonly cwd?: string;
  /** Bytes kept of each of stdout and stderr; the rest is read and dropped. */
  readonly maxOutputBytes: number;
  /** Standard output is a list as JSON, of which a reduced form is enough where it is long. */
  readonly list?: ListOutput;
}

export interface RunOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Something was dropped. */
  readonly truncated: boolean;
}

export type RunResult =
  | ({ readonly kind: 'exited'; readonly exitCode: number } & RunOutput)
  | ({ readonly kind: 'killed'; readonly signal: string } & RunOutput)
  | ({ readonly kind: 'timeout' | 'cancelled' } & RunOutput)
  /** No such program, or not executable. */
  | { readonly kind: 'missing' };

export type Run = (request: RunRequest) => Promise<RunResult>;

/** Milliseconds between SIGTERM and SIGKILL. */
const graceMs = 2_000;

/**
 * Starts programs. Each has a process group and a home directory of its own; neither outlives the call, nor the group this process. Homes
 * are made in `place`: some programs keep credentials in theirs.
 */
export function createRun({ log, place }: { readonly log: Logger; readonly place?: Workplace }): Run {
  const guard = createGuard(startGuard);
  return async (request) => {
    if (!request.file.startsWith('/')) throw new TypeError('the path of a program must be absolute');
    const home = await mkdtemp(join((await place?.path()) ?? tmpdir(), 'watchkeeper-run-'));
    try {
      const result = await runIn(home, request, guard);
      log.debug({ file: request.file, kind: result.kind }, 'program ended');
      return result;
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  };
}

/** Neither it nor its pipe keeps this process alive. */
function startGuard(): Writable {
  const subprocess = execa('/bin/sh', ['-c', guardScript], {
    ...{ stdin: 'pipe', stdout: 'ignore', stderr: 'ignore', buffer: false },
    ...{ env: { PATH: '/usr/bin:/bin' }, extendEnv: false, cwd: '/', detached: true, reject: false },
  });
  subprocess.nodeChildProcess.unref();
  if (subprocess.stdin instanceof Socket) subprocess.stdin.unref();
  return subprocess.stdin;
}

async function runIn(home: string, request: RunRequest, guard: Guard): Promise<RunResult> {
  if (request.signal?.aborted) return { kind: 'cancelled', stdout: '', stderr: '', truncated: false };
  guard.ready();
  const subprocess = execa(request.file, request.argv, {
    ...(request.stdin === undefined ? { stdin: 'ignore' } : { input: request.stdin }),
    env: { PATH: '/usr/bin:/bin', HOME: home, TMPDIR: home, LANG: 'C.UTF-8', TZ: 'UTC', ...request.env },
    extendEnv: false,
    cwd: request.cwd ?? home,
    detached: true,
    buffer: false,
    reject: false,
    stripFinalNewline: false,
  });
  const { list, maxOutputBytes } = request;
  const stdout = list === undefined ? keepHead(subprocess.stdout, maxOutputBytes) : keepItems(subprocess.stdout, maxOutputBytes, list);
  const stderr = keepHead(subprocess.stderr, request.maxOutputBytes);
  const { pid } = subprocess;
  if (pid !== undefined) guard.watch(pid);
  const stop = stopper(pid, request);
  // What the program left behind in its group would keep the pipes open.
  subprocess.nodeChildProcess.once('exit', () => {
    killGroup(pid, 'SIGKILL');
    if (pid !== undefined) guard.forget(pid);
  });
  const ended = await subprocess;
  const reason = stop.end();
  // Of the result only code, signal and exit code are used: its message holds the command line and its output.
  if (ended.exitCode === undefined && ended.signal === undefined) return { kind: 'missing' };
  const output = { stdout: stdout.text(), stderr: stderr.text(), truncated: stdout.truncated() || stderr.truncated() };
  if (reason !== null) return { kind: reason, ...output };
  if (ended.exitCode === undefined) return { kind: 'killed', signal: ended.signal ?? 'unknown', ...output };
  return { kind: 'exited', exitCode: ended.exitCode, ...output };
}

interface Stopper {
  /** Why the program was stopped; null: it was not. */
  end(): 'timeout' | 'cancelled' | null;
}

/** Ends the whole group at the time limit, or when the caller cancels. */
function stopper(pid: number | undefined, { timeoutMs, signal }: RunRequest): Stopper {
  let reason: 'timeout' | 'cancelled' | null = null;
  const over = new AbortController();
  const stop = (why: 'timeout' | 'cancelled'): void => {
    if (reason !== null) return;
    reason = why;
    killGroup(pid, 'SIGTERM');
    delay(graceMs, undefined, { signal: over.signal }).then(
      () => killGroup(pid, 'SIGKILL'),
      () => undefined,
    );
  };
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  const cancel = (): void => stop('cancelled');
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      over.abort();
      return reason;
    },
  };
}

function killGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: the group is gone, which is what was wanted.
  }
}
