import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCliContext } from './context.ts';
import { examples, leaves } from './examples.ts';
import { createProgram, runCli } from './program.ts';
import { referenceOf } from './reference.ts';
import { painted, wantsColor } from './style.ts';

const run = promisify(execFile);
const nowhere = { out: { line: () => undefined, note: () => undefined }, exit: () => undefined, screen: () => null, variables: {} };
const program = createProgram(createCliContext(nowhere), { out: () => undefined, err: () => undefined });
const commands = leaves(program).map(({ words, command }) => ({ name: words.join(' '), command }));

test('every command has an example, and no example is for a command that is not there', () => {
  expect(Object.keys(examples).toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
});

test('every command that answers something answers it as JSON too', () => {
  const without = commands.filter(({ command }) => !command.options.some(({ long }) => long === '--json')).map(({ name }) => name);
  // A process, documents that have a form of their own, and an export that has formats.
  expect(without).toEqual(['serve', 'config openapi', 'config schema', 'playbook schema', 'audit export', 'tools roles', 'completion']);
});

test('the guide is what the commands say: node bot/main.ts reference > docs/guides/cli.md', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/cli.md'), 'utf8');
  expect(guide).toBe(`${referenceOf(program)}\n`);
});

describe('colour', () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  ])('%j at a terminal (%s): %s', (given, isTerminal, expected) => {
    expect(wantsColor(given, isTerminal)).toBe(expected);
  });

  test('comes from meanings alone: text from outside brings none', () => {
    const line = [{ text: 'done\u001b[31m', meaning: 'good' as const }, ' \u001b[2Jrest'];
    expect(painted(line, false)).toBe('done rest');
    expect(painted(line, true)).toBe('\u001b[32mdone\u001b[39m rest');
  });
});

describe('completion', () => {
  let directory: string;
  let script: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'watchkeeper-completion-'));
    const lines: string[] = [];
    await runCli(['completion', 'bash'], { line: (text) => lines.push(text), note: () => undefined }, {});
    script = join(directory, 'watchkeeper.bash');
    writeFileSync(script, lines.join('\n'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** What a real bash would offer after these words. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const code = `source "$1"; shift; COMP_WORDS=(watchkeeper "$@"); COMP_CWORD=$#; _watchkeeper; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run('bash', ['--norc', '--noprofile', '-euc', code, 'bash', script, ...words]);
    return stdout.split('\n').filter((line) => line !== '');
  }

  test.each([
    [['inc'], ['incidents', 'incident']],
    [
      ['incident', ''],
      ['show', 'postmortem', 'evidence'],
    ],
    [['--profile', 'prod', 'incident', 'sh'], ['show']],
    [['incident', 'show', '--w'], ['--watch']],
    [
      ['incident', 'show', 'ID', '--'],
      ['--watch', '--json', '--profile', '--help'],
    ],
    [
      ['incident', 'evidence', 'ID', '--format', ''],
      ['text', 'json', 'svg', 'png'],
    ],
    [['serve', '--role', 'w'], ['worker']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['nonsense', ''], undefined],
  ])('after %j', async (words, expected) => {
    const found = await offered(...words);
    if (expected === undefined) expect(found).toContain('incidents');
    else expect(found.toSorted()).toEqual(expected.toSorted());
  });

  test.each(['zsh', 'fish'])('for %s names every command', async (shell) => {
    const lines: string[] = [];
    await runCli(['completion', shell], { line: (text) => lines.push(text), note: () => undefined }, {});
    for (const { name } of commands) expect(lines.join('\n')).toContain(name.split(' ').at(-1));
  });
});
