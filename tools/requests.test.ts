import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Execution } from './execute.ts';
import type { HttpCommand, OneRequest } from './operation.ts';
import { inOrder } from './requests.ts';
import { learned, slot } from './slots.ts';

const http = (method: HttpCommand['method'], path: string, query = {}): HttpCommand => ({
  kind: 'http',
  service: 'a',
  method,
  path,
  query,
});
const good = (stdout: string): Execution => ({ exitCode: null, stdout, stderr: '', truncated: false, failure: null });
const bad = (code: 'failed' | 'timeout' | 'not_found', stdout = ''): Execution => ({ ...good(stdout), failure: { code, message: code } });

/** What a system of these answers is asked, in order. */
async function asked(of: readonly OneRequest[], answers: Readonly<Record<string, Execution>>) {
  const lines: string[] = [];
  const execution = await inOrder(
    async (command) => {
      const line = command.kind === 'http' ? `${command.method} ${command.path}${JSON.stringify(command.query)}`.replace('{}', '') : '';
      lines.push(line);
      return answers[line] ?? bad('not_found');
    },
    { kind: 'requests', service: 'a', of },
    { timeoutMs: 1_000, signal: undefined, credentials: 'read' },
  );
  return { lines, execution };
}

const id = z.object({ id: z.string() });
const fill: OneRequest['fill'] = (answers) => ({ one: learned(id, answers, 'first').id });

it('puts what one request learns into the path or the query of another, as one part of it', async () => {
  const of = [
    { name: 'first', command: http('GET', '/first') },
    { name: 'path', command: http('GET', `/x/${slot('one')}/y`), fill },
    { name: 'query', command: http('GET', '/q', { is: '<one>', other: '<two>' }), fill },
    { name: 'not', command: http('GET', '/never'), fill: () => null },
  ];
  const { lines, execution } = await asked(of, {
    'GET /first': good('{"id":"../a b"}'),
    'GET /x/..%2Fa%20b/y': good('1'),
    'GET /q{"is":"../a b","other":"<two>"}': good('2'),
  });
  expect(lines).toHaveLength(3);
  expect(JSON.parse(execution.stdout)).toEqual({ first: { id: '../a b' }, path: 1, query: 2, not: null });
});

const making = [
  { name: 'a', command: http('POST', '/a'), undo: http('DELETE', '/a') },
  {
    name: 'b',
    command: http('POST', '/b'),
    accepts: ({ stdout }: { stdout: string }) => stdout === 'there already',
    undo: http('DELETE', '/b'),
  },
  { name: 'c', command: http('POST', '/c') },
];

it('takes back what it has made now when a later request is refused, and nothing that was there before', async () => {
  const { lines, execution } = await asked(making, {
    'POST /a': good('1'),
    'POST /b': bad('failed', 'there already'),
    'POST /c': bad('failed'),
  });
  expect(lines).toEqual(['POST /a', 'POST /b', 'POST /c', 'DELETE /a']);
  expect(execution.failure?.code).toBe('failed');
});

it('takes nothing back when it is not known whether the last request was heard', async () => {
  const { lines } = await asked(making, { 'POST /a': good('1'), 'POST /b': good('1'), 'POST /c': bad('timeout') });
  expect(lines).toEqual(['POST /a', 'POST /b', 'POST /c']);
});

it('sends nothing that lacks what an answer should have said', async () => {
  const { lines, execution } = await asked(
    [
      { name: 'first', command: http('GET', '/first') },
      { name: 'next', command: http('POST', `/${slot('one')}`), fill },
    ],
    { 'GET /first': good('{"other":1}') },
  );
  expect(lines).toEqual(['GET /first']);
  expect(execution.failure?.code).toBe('output_malformed');
});
