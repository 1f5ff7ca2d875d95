import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../tools/canonical.ts';
import { commitmentTo } from './commitment.ts';
import { leafHash } from './tree.ts';
import { type ReadEntry, readEntryLine } from './verify-entry.ts';

const salt = 'ab'.repeat(32);
const open = (value: string) => JSON.stringify({ words: { salt, value } });
const text = canonicalJson({ data: { words: { commitment: commitmentTo(salt, '"said"') } }, kind: 'test' });
const leaf = leafHash(Buffer.from(text));

/** Refused, whatever is the reason: null. */
function read(line: string): ReadEntry | null {
  const buffer = Buffer.from(line);
  try {
    const entry = readEntryLine(buffer, 0, buffer.length);
    return entry === null || entry.leaf === null || entry.wrongWords !== null ? null : entry;
  } catch {
    return null;
  }
}

const escaped = (key: string) => `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}`;
const honest: readonly (readonly [string, string])[] = [
  ['leaf', JSON.stringify(leaf)],
  ['disclosures', open('said')],
  ['body', text],
];
const forged: readonly (readonly [string, string])[] = [
  ['seq', '2'],
  ['leaf', JSON.stringify('0'.repeat(64))],
  ['disclosures', open('forged')],
  ['disclosures', '"forged"'],
  ['body', '{"kind":"forged"}'],
  ['raw', '"forged"'],
  ['v', '1'],
];
const lineOf = (members: readonly (readonly [string, string])[]) =>
  `{"seq":1${members.map(([key, value]) => `,"${key}":${value}`).join('')}}`;

test('as it is written, and in another order', () => {
  expect(read(lineOf(honest))).toMatchObject({ seq: 1, leaf, opened: 1 });
  expect(read(lineOf(honest.toReversed()))).toMatchObject({ seq: 1, leaf, opened: 1 });
});

test('forged words are refused, wherever they stand and however they are spelt', () => {
  const places = fc.record({
    member: fc.constantFrom(...forged),
    at: fc.nat(3),
    spelt: fc.boolean(),
    reverse: fc.boolean(),
    drop: fc.boolean(),
  });
  fc.assert(
    fc.property(places, ({ member: [key, value], at, spelt, reverse, drop }) => {
      const kept = honest.filter(([name]) => !(drop && name === 'disclosures'));
      const members = reverse ? kept.toReversed() : kept;
      const line = lineOf(members.toSpliced(at, 0, [spelt ? escaped(key) : key, value]));
      expect(read(line), line).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test.each([
  [
    'a key of words twice',
    lineOf(honest.with(1, ['disclosures', `{"words":{"salt":"${salt}","value":"forged"},${open('said').slice(1)}`])),
  ],
  ['another key first', `{"seq":1,"leaf":"${leaf}","v":1,"disclosures":${open('forged')},"body":${text}}`],
  ['an escaped key', `{"seq":1,"leaf":"${leaf}","\\u0064isclosures":${open('forged')},"body":${text}}`],
  ['a second place', `{"seq":1,"leaf":"${leaf}","seq":2,"body":${text}}`],
])('refused: %s', (_, line) => {
  expect(read(line)).toBeNull();
});
