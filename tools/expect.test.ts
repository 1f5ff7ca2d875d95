import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expectation } from './contract.ts';
import { explain, holds } from './expect.ts';

const state = { complete: false, replicas: { desired: 3 }, 'a/b': { '~c': 'x' }, list: [{ n: 1 }], none: null };

function check(pointer: string, op: Expectation['op'], value?: Expectation['value']): boolean {
  return holds({ pointer, op, ...(value === undefined ? {} : { value }) }, state);
}

describe('holds', () => {
  it.each<[string, Expectation['op'], Expectation['value']]>([
    ['/complete', 'eq', false],
    ['/replicas/desired', 'gte', 3],
    ['/replicas/desired', 'lt', 4],
    ['/a~1b/~0c', 'eq', 'x'],
    ['/list/0/n', 'ne', 2],
    ['/none', 'eq', null],
    ['/list/1', 'absent', undefined],
    ['/list/00', 'absent', undefined],
    ['/list/length', 'absent', undefined],
    ['/constructor', 'absent', undefined],
  ])('%s %s %s', (pointer, op, value) => {
    expect(check(pointer, op, value)).toBe(true);
  });

  it('fails every comparison of a pointer that leads nowhere, also ne', () => {
    for (const op of ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const) expect(check('/missing', op, 1)).toBe(false);
    expect(check('missing', 'ne', 1)).toBe(false);
    expect(check('/a~2b', 'ne', 1)).toBe(false);
  });

  it('orders no values of different types', () => {
    for (const op of ['lt', 'lte', 'gt', 'gte'] as const) {
      expect(check('/replicas/desired', op, '3')).toBe(false);
      expect(check('/none', op, 0)).toBe(false);
    }
  });

  it('fails a comparison that names no value', () => {
    expect(check('/complete', 'ne')).toBe(false);
  });

  it('agrees with the operators of the language on numbers', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (actual, value) => {
        const on = (op: Expectation['op']): boolean => holds({ pointer: '/x', op, value }, { x: actual });
        expect([on('lt'), on('lte'), on('gt'), on('gte'), on('eq')]).toEqual([
          actual < value,
          actual <= value,
          actual > value,
          actual >= value,
          actual === value,
        ]);
      }),
    );
  });

  it('finds every own value by its pointer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer(), (outer, inner, value) => {
        const token = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
        const output = Object.fromEntries([[outer, Object.fromEntries([[inner, value]])]]);
        expect(holds({ pointer: `/${token(outer)}/${token(inner)}`, op: 'eq', value }, output)).toBe(true);
      }),
    );
  });

  it('answers without throwing, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), fc.anything(), (pointer, output) => typeof holds({ pointer, op: 'eq', value: 1 }, output) === 'boolean'),
    );
  });
});

it.each<[Expectation, string]>([
  [{ pointer: '/complete', op: 'eq', value: true }, 'complete is false, expected true'],
  [{ pointer: '/replicas/desired', op: 'gt', value: 5 }, 'replicas.desired is 3, expected more than 5'],
  [{ pointer: '/missing', op: 'eq', value: 'a' }, 'missing is absent, expected "a"'],
  [{ pointer: '/none', op: 'absent' }, 'none is null, expected nothing there'],
])('explains %j', (expectation, words) => {
  expect(explain(expectation, state)).toBe(words);
});

it.each([
  [0.30199999999991, 'value is 0.302, expected less than 0.05'],
  [0.0500001, 'value is 0.0500001, expected less than 0.05'],
  [12_345_678, 'value is 12345678, expected less than 0.05'],
])('says %d for people', (value, words) => {
  expect(explain({ pointer: '/value', op: 'lt', value: 0.05 }, { value })).toBe(words);
});
