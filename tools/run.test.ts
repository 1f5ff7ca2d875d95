import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun, type RunRequest, type RunResult } from './run.ts';

const run = createRun({ log: pino({ level: 'silent' }) });

function shell(script: string, more: Partial<RunRequest> = {}): Promise<RunResult> {
  return run({ file: '/bin/sh', argv: ['-c', script], timeoutMs: 15_000, maxOutputBytes: 1_000_000, ...more });
}

describe('run', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'run-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives a program a fixed environment and nothing of its own', async () => {
    process.env['WATCHKEEPER_TEST_LEAK'] = 'made-up-secret';
    const result = await run({ file: '/usr/bin/env', argv: [], env: { KUBECONFIG: '/k' }, timeoutMs: 5_000, maxOutputBytes: 10_000 });
    delete process.env['WATCHKEEPER_TEST_LEAK'];
    if (result.kind !== 'exited') throw new Error(result.kind);
    const names = result.stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(0, line.indexOf('=')));
    expect(names.sort()).toEqual(['HOME', 'KUBECONFIG', 'LANG', 'PATH', 'TMPDIR', 'TZ']);
  });

  it('removes the private home directory afterwards', async () => {
    const result = await shell('touch "$HOME/trace"; echo "$HOME"; pwd');
    if (result.kind !== 'exited') throw new Error(result.kind);
    const [home, cwd] = result.stdout.trim().split('\n');
    expect(cwd).toBe(home);
    expect(existsSync(home ?? '')).toBe(false);
  });

  it('passes arguments without a shell', async () => {
    const result = await run({ file: '/bin/echo', argv: ['$(id)', '; true', '*'], timeoutMs: 5_000, maxOutputBytes: 10_000 });
    expect(result).toMatchObject({ kind: 'exited', exitCode: 0, stdout: '$(id) ; true *\n' });
  });

  it('passes standard input', async () => {
    expect(await run({ file: '/bin/cat', argv: [], stdin: 'hello', timeoutMs: 5_000, maxOutputBytes: 10_000 })).toMatchObject({
      stdout: 'hello',
    });
  });

  it('keeps a bounded part of 100 MB of output, says so, and lets the program finish', async () => {
    const result = await shell('head -c 100000000 /dev/zero | tr "\\0" x; echo done >&2', { maxOutputBytes: 5_000 });
    expect(result).toMatchObject({ kind: 'exited', exitCode: 0, truncated: true, stderr: 'done\n' });
    expect('stdout' in result && result.stdout.length).toBe(5_000);
  });

  it('kills the whole process tree at the time limit', async () => {
    const pids = join(folder, 'timeout-pids');
    const result = await shell(`echo $$ >> ${pids}; sh -c 'echo $$ >> ${pids}; sleep 60 & echo $! >> ${pids}; wait'`, { timeoutMs: 500 });
    expect(result.kind).toBe('timeout');
    expectGone(pids, 3);
  });

  it('kills a program that ignores SIGTERM', async () => {
    const pids = join(folder, 'stubborn-pids');
    const result = await shell(`trap '' TERM; echo $$ >> ${pids}; while :; do sleep 1; done`, { timeoutMs: 300 });
    expect(result.kind).toBe('timeout');
    expectGone(pids, 1);
  });

  it('stops the tree when the caller cancels', async () => {
    const pids = join(folder, 'cancel-pids');
    const controller = new AbortController();
    const running = shell(`sleep 60 & echo $! >> ${pids}; wait`, { signal: controller.signal });
    await expect.poll(() => existsSync(pids) && readFileSync(pids, 'utf8').endsWith('\n')).toBe(true);
    controller.abort();
    expect((await running).kind).toBe('cancelled');
    expectGone(pids, 1);
  });

  it('starts nothing for a caller who has cancelled already', async () => {
    const trace = join(folder, 'never');
    expect((await shell(`touch ${trace}`, { signal: AbortSignal.abort() })).kind).toBe('cancelled');
    expect(existsSync(trace)).toBe(false);
  });

  it('ends the group of a program when this process is killed itself', async () => {
    const pids = join(folder, `orphan-pids-${randomUUID()}`);
    const script = `echo $$ >> ${pids}; sleep 60 & echo $! >> ${pids}; wait`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', orphaning(script)], { stdio: 'inherit' });
    await expect.poll(() => existsSync(pids) && readFileSync(pids, 'utf8').trim().split('\n').length, { timeout: 10_000 }).toBe(2);
    parent.kill('SIGKILL');
    await expect.poll(() => readFileSync(pids, 'utf8').trim().split('\n').map(Number).filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });

  it('ends what a program leaves behind in its group', async () => {
    const pids = join(folder, 'left-pids');
    const result = await shell(`sleep 60 & echo $! >> ${pids}; echo out`);
    expect(result).toMatchObject({ kind: 'exited', exitCode: 0, stdout: 'out\n' });
    expectGone(pids, 1);
  });

  it('answers the exit code and what was printed', async () => {
    expect(await shell('echo out; echo err >&2; exit 3')).toEqual({
      kind: 'exited',
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    });
  });

  it.each(['/nowhere/at/all', import.meta.filename])('answers missing for %s', async (file) => {
    expect(await run({ file, argv: [], timeoutMs: 1_000, maxOutputBytes: 10 })).toEqual({ kind: 'missing' });
  });

  it('refuses a name without a path', async () => {
    await expect(run({ file: 'sh', argv: [], timeoutMs: 1_000, maxOutputBytes: 10 })).rejects.toThrow('absolute');
  });
});

/** A process that starts a program and would wait for it. */
const orphaning = (script: string) => `
  import { pino } from ${JSON.stringify(import.meta.resolve('pino'))};
  import { createRun } from ${JSON.stringify(new URL('./run.ts', import.meta.url).href)};
  const run = createRun({ log: pino({ level: 'silent' }) });
  await run({ file: '/bin/sh', argv: ['-c', ${JSON.stringify(script)}], timeoutMs: 60_000, maxOutputBytes: 1_000 });
`;

function expectGone(file: string, count: number): void {
  const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number);
  expect(pids).toHaveLength(count);
  expect(pids.filter(isAlive)).toEqual([]);
}

/** A zombie that its new parent has not reaped yet does nothing any more. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0] !== 'Z';
  } catch {
    return false;
  }
}
