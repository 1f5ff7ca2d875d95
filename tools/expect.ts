import type { Check, Expectation } from './contract.ts';

/** It waits for people. */
export const isPatient = ({ decidedAgainst }: Pick<Check, 'decidedAgainst'>): boolean => decidedAgainst !== undefined;

/**
 * Whether an expectation holds of an output. Pure, and free of modules that workflow code may not load.
 * Numbers compare as numbers, strings as strings; values of different types are never ordered.
 */
export function holds(expectation: Expectation, output: unknown): boolean {
  const found = resolve(output, expectation.pointer);
  if (expectation.op === 'absent') return !found.exists;
  if (!found.exists || expectation.value === undefined) return false;
  return compare(found.value, expectation.op, expectation.value);
}

/** What is the case, in plain words: `complete is false, expected true`. */
export function explain(expectation: Expectation, output: unknown): string {
  const { name, actual, expected } = sidesOf(expectation, output);
  return `${name} is ${actual}, expected ${expected}`;
}

/** What an expectation speaks of, what is there, and what should be: each in words of at most about 120 characters. */
export function sidesOf(
  expectation: Expectation,
  output: unknown,
): { readonly name: string; readonly actual: string; readonly expected: string } {
  const found = resolve(output, expectation.pointer);
  const name = expectation.pointer === '' ? 'the output' : expectation.pointer.slice(1).replaceAll('/', '.');
  const actual = found.exists ? JSON.stringify(rounded(found.value, expectation.value)) : 'absent';
  return { name, actual: shorten(actual), expected: words(expectation) };
}

type Found = { readonly exists: true; readonly value: unknown } | { readonly exists: false };

const nowhere: Found = { exists: false };

/** RFC 6901. Own properties only; an array index is a canonical decimal number. */
function resolve(output: unknown, pointer: string): Found {
  if (output === undefined) return nowhere;
  if (pointer === '') return { exists: true, value: output };
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return nowhere;
  let value: unknown = output;
  for (const token of pointer.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null) return nowhere;
    if (Array.isArray(value) && !/^(0|[1-9][0-9]*)$/.test(key)) return nowhere;
    if (!Object.hasOwn(value, key)) return nowhere;
    value = (value as Record<string, unknown>)[key];
  }
  return { exists: true, value };
}

type Literal = string | number | boolean | null;

function compare(actual: unknown, op: Exclude<Expectation['op'], 'absent'>, expected: Literal): boolean {
  if (op === 'eq') return actual === expected;
  if (op === 'ne') return actual !== expected;
  const order = orderOf(actual, expected);
  if (order === null) return false;
  switch (op) {
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
  }
}

/** Negative, zero or positive; null when the two cannot be ordered. */
function orderOf(actual: unknown, expected: Literal): number | null {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return actual < expected ? -1 : actual > expected ? 1 : actual === expected ? 0 : null;
  }
  if (typeof actual === 'string' && typeof expected === 'string') return actual < expected ? -1 : actual > expected ? 1 : 0;
  return null;
}

const operators = { eq: '', ne: 'anything but ', lt: 'less than ', lte: 'at most ', gt: 'more than ', gte: 'at least ' } as const;

function words({ op, value }: Expectation): string {
  return op === 'absent' ? 'nothing there' : `${operators[op]}${JSON.stringify(value ?? null)}`;
}

/** For people: without the noise of binary fractions. What is left never looks like the value that it is compared with and is not. */
function rounded(value: unknown, expected: Expectation['value']): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  const short = Number(value.toPrecision(4));
  return short === expected ? value : short;
}

function shorten(text: string | undefined): string {
  if (text === undefined) return 'absent';
  return text.length <= 120 ? text : `${text.slice(0, 120)}…`;
}
