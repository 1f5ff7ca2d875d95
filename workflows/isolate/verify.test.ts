import { expect, test } from 'vitest';
import type { Expectation, ToolAnswer } from '../../tools/contract.ts';
import { violations } from './verify.ts';

const complete: Expectation = { pointer: '/complete', op: 'eq', value: true };
const rate: Expectation = { pointer: '/value', op: 'lt', value: 0.05 };
const ok = (output: unknown): ToolAnswer => ({
  status: 'ok',
  callId: 'c',
  observation: 'a'.repeat(64),
  ...(output === undefined ? {} : { output }),
});

test('nothing is wrong only where every expectation holds', () => {
  expect(violations(ok({ complete: true, value: 0.01 }), [complete, rate])).toEqual([]);
  expect(violations(ok({ complete: false, value: 0.2 }), [complete, rate])).toEqual([
    'complete is false, expected true',
    'value is 0.2, expected less than 0.05',
  ]);
});

test.each([
  ['an error', { status: 'error', callId: 'c', observation: null, code: 'timeout', message: 'too slow' }, 'could not be read: too slow'],
  ['an output that is too large to be inline', ok(undefined), 'the output is too large to be checked'],
  ['no value', ok({}), 'value is absent, expected less than 0.05'],
  ['a value that is null', ok({ value: null }), 'value is null, expected less than 0.05'],
  ['a number in words', ok({ value: '0.01' }), 'value is "0.01", expected less than 0.05'],
] as [string, ToolAnswer, string][])('%s counts as not holding', (_, answer, words) => {
  expect(violations(answer, [rate])).toEqual([words]);
});
