import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { freePort } from './free-port.ts';

/** Later versions of the CLI cannot be installed by `go install`. */
const goModule = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

export class TemporalMissing extends Error {
  readonly code = 'temporal_missing';
  constructor(tried: readonly string[]) {
    super(
      [
        'A Temporal server could not be had. Tried:',
        ...tried.map((attempt) => `  - ${attempt}`),
        'Set TEMPORAL_ADDRESS to a running server, put the `temporal` CLI on PATH, or install Go so that it can be built.',
      ].join('\n'),
    );
    this.name = 'TemporalMissing';
  }
}

export interface EmbeddedTemporal {
  readonly address: string;
  close(): Promise<void>;
}

export interface StartTemporal {
  /** SQLite file; a second start resumes from it. */
  readonly dbFile: string;
  readonly logFile: string;
  readonly searchPath: string;
  readonly port: number;
  /** One line of progress for people. */
  readonly progress: (line: string) => void;
}

function cacheBin(): string {
  return join(homedir(), '.cache', 'watchkeeper', 'bin');
}

function findOn(directories: readonly string[], name: string): string | null {
  for (const directory of directories) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next directory may have it.
    }
  }
  return null;
}

async function exitCode(child: ChildProcess): Promise<number> {
  const [code] = await Promise.race([once(child, 'exit'), once(child, 'error').then(() => [127])]);
  return typeof code === 'number' ? code : 1;
}

/** Builds the CLI with Go into the cache; minutes the first time. Answers its path, or why not. */
async function build(searchPath: string, progress: (line: string) => void): Promise<{ path: string } | { why: string }> {
  const go = findOn(searchPath.split(delimiter), 'go');
  if (go === null) return { why: 'building it with Go: no `go` on PATH' };
  const bin = cacheBin();
  mkdirSync(bin, { recursive: true });
  progress('Building the Temporal server with Go (once, 3 to 8 minutes) …');
  const started = Date.now();
  const beat = setInterval(
    () => progress(`  still building the Temporal server (${Math.round((Date.now() - started) / 1_000)} s) …`),
    30_000,
  );
  const child = spawn(go, ['install', goModule], {
    env: { PATH: searchPath, HOME: homedir(), GOBIN: bin },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const code = await exitCode(child).finally(() => clearInterval(beat));
  const path = join(bin, 'temporal');
  return code === 0 && existsSync(path) ? { path } : { why: `building it with Go: go install ended with status ${code}` };
}

/** The SDK downloads a server binary where the machine reaches the internet. */
async function download(progress: (line: string) => void): Promise<{ path: string } | { why: string }> {
  progress('Downloading the Temporal server …');
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const directory = cacheBin();
  mkdirSync(directory, { recursive: true });
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no answer within 120 s')), 120_000).unref());
  try {
    const environment = await Promise.race([
      TestWorkflowEnvironment.createLocal({
        server: { executable: { type: 'cached-download', downloadDir: directory }, log: { format: 'json', level: 'error' } },
      }),
      late,
    ]);
    await environment.teardown();
  } catch (error) {
    return { why: `downloading it: ${error instanceof Error ? error.message.split('\n')[0] : 'failed'}` };
  }
  const path = findDownloaded(directory);
  return path === null ? { why: 'downloading it: the file was not found afterwards' } : { path };
}

function findDownloaded(directory: string): string | null {
  return findOn([directory], 'temporal-cli-default') ?? findOn([directory], 'temporal');
}

async function locate(start: StartTemporal): Promise<string> {
  const present = findOn(start.searchPath.split(delimiter), 'temporal') ?? findOn([cacheBin()], 'temporal');
  if (present !== null) return present;
  const tried = [`\`temporal\` on PATH and in ${cacheBin()}: not found`];
  for (const get of [() => download(start.progress), () => build(start.searchPath, start.progress)]) {
    const got = await get();
    if ('path' in got) return got.path;
    tried.push(got.why);
    start.progress(`  ${got.why}`);
  }
  throw new TemporalMissing(tried);
}

async function untilServing(address: string, child: ChildProcess, logFile: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (child.exitCode !== null) throw new TemporalMissing([`starting it: it ended with status ${child.exitCode}; see ${logFile}`]);
    try {
      const connection = await Connection.connect({ address, connectTimeout: '1s' });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new TemporalMissing([`starting it: it did not answer within 30 s; see ${logFile}`]);
}

/** A server that a killed run left behind holds the same file: two would corrupt it. */
function endLeftover(pidFile: string, dbFile: string): void {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  try {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (commandLine.includes(dbFile)) process.kill(pid, 'SIGKILL');
  } catch {
    // No such process, or no /proc here: nothing to end.
  }
  rmSync(pidFile, { force: true });
}

/** A real single-process Temporal server with its state in a file. Throws TemporalMissing with what to do. */
export async function startTemporal(start: StartTemporal): Promise<EmbeddedTemporal> {
  const binary = await locate(start);
  const pidFile = `${start.dbFile}.pid`;
  endLeftover(pidFile, start.dbFile);
  const port = start.port === 0 ? await freePort() : start.port;
  const address = `127.0.0.1:${port}`;
  const log = openSync(start.logFile, 'a');
  const argv = [
    'server',
    'start-dev',
    '--headless',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--db-filename',
    start.dbFile,
    '--log-level',
    'error',
  ];
  // A group of its own: Ctrl-C reaches the terminal's group only, and the server must outlive the workers' shutdown.
  const child = spawn(binary, argv, { stdio: ['ignore', log, log], detached: true, env: { PATH: start.searchPath, HOME: homedir() } });
  if (child.pid !== undefined) writeFileSync(pidFile, String(child.pid));
  await untilServing(address, child, start.logFile);
  return {
    address,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
      rmSync(pidFile, { force: true });
    },
  };
}
