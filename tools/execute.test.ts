import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExecute, type Execute } from './execute.ts';
import type { CliCommand } from './operation.ts';
import { createRun } from './run.ts';

/** Command lines that need another one first, or more than once: a script stands for the program. */

let folder: string;
let execute: Execute;
const line = (...argv: string[]): CliCommand => ({ kind: 'cli', binary: 'script', argv });
const limits = { timeoutMs: 20_000, signal: undefined, credentials: 'read' } as const;
const started = async () => (await readFile(join(folder, 'trace'), 'utf8').catch(() => '')).split('\n').filter((one) => one !== '');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'execute-test-'));
  const file = join(folder, 'script');
  await writeFile(
    file,
    `#!/bin/sh\necho "$*" >> ${folder}/trace\n[ "$1" = fail ] && echo broken >&2 && exit 3\n/usr/bin/wc -l < ${folder}/trace\n`,
  );
  await chmod(file, 0o755);
  const site = { name: 'here', environment: 'test', binaries: { script: file } };
  execute = createExecute({
    site,
    run: createRun({ log: pino({ level: 'silent' }) }),
    redactor: { learn: () => {}, text: (text) => ({ text, count: 0 }) },
    now: () => new Date(),
  });
});

afterEach(() => rm(folder, { recursive: true }));

describe('a question that is asked first', () => {
  const asked = (question: CliCommand, objection: string | null): CliCommand => ({
    ...line('write'),
    unless: { command: question, objection: () => objection },
  });

  it('without an objection lets the program start', async () => {
    expect(await execute(asked(line('whose'), null), limits)).toMatchObject({ failure: null });
    expect(await started()).toEqual(['whose', 'write']);
  });

  it('with an objection keeps it from starting, and so does no answer', async () => {
    expect(await execute(asked(line('whose'), 'not yours'), limits)).toMatchObject({
      failure: { code: 'forbidden', message: 'not yours' },
    });
    expect(await execute(asked(line('fail'), null), limits)).toMatchObject({ failure: { message: 'broken' } });
    expect(await started()).toEqual(['whose', 'fail']);
  });
});

describe('a program that is asked until it is ready', () => {
  const until = (ready: number): CliCommand => ({
    ...line('results', '--id=ID'),
    bound: { placeholder: '--id=ID', command: line('begin'), value: ({ stdout }) => `--id=${stdout.trim()}` },
    until: ({ stdout }) => Number(stdout) >= ready,
  });

  it('is begun once', async () => {
    expect(await execute(until(3), limits)).toMatchObject({ stdout: '3\n', bound: { value: '--id=1' }, failure: null });
    expect(await started()).toEqual(['begin', 'results --id=1', 'results --id=1']);
  });

  it('tells what there is when the time is over', async () => {
    expect(await execute(until(100), { ...limits, timeoutMs: 2_500 })).toMatchObject({ failure: null });
    expect((await started()).length).toBeLessThan(5);
  });

  it('stops when the call is cancelled', async () => {
    const signal = AbortSignal.timeout(300);
    expect(await execute(until(100), { ...limits, signal })).toMatchObject({ failure: { code: 'cancelled' } });
  });
});
