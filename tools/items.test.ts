import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepItems, type ListOutput } from './items.ts';

const short: ListOutput = { whole: 0, reduce: (item) => item };

/** Written in pieces of `size` bytes, as a pipe may cut it: through characters too. */
async function kept(text: string, list: ListOutput, limit = 1e6, size = 7) {
  const stream = new PassThrough();
  const found = keepItems(stream, limit, list);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
  stream.end();
  for await (const _ of stream);
  return { text: found.text(), truncated: found.truncated() };
}

/** Keys and texts that look like structure. */
const tricky = fc.oneof(fc.constantFrom('items', '"items":[{', '}]', '\\', '\\"', '[', '{', 'ü✓'), fc.string());
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, tricky, fc.integer(), fc.constant(null), fc.array(tie('any')), fc.dictionary(tricky, tie('any'))),
})).any;

it('finds the items of any list, however it is laid out and cut into pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      ...[fc.array(fc.dictionary(tricky, value), { minLength: 1 }), value, fc.constantFrom(0, 4), fc.integer({ min: 1, max: 40 })],
      async (items, metadata, indent, size) => {
        const found = await kept(JSON.stringify({ kind: 'List', metadata, items, after: metadata }, null, indent), short, 1e6, size);
        expect(JSON.parse(found.text).items).toEqual(JSON.parse(JSON.stringify(items)));
        expect(found.truncated).toBe(false);
      },
    ),
    { numRuns: 150 },
  );
});

const list = JSON.stringify(
  { kind: 'List', items: Array.from({ length: 100 }, (_, index) => ({ index, noise: 'x'.repeat(50) })) },
  null,
  4,
);

it('keeps what is small as it was printed, and reduces what is not', async () => {
  const reduce = (item: unknown) => ({ index: (item as { index: number }).index });
  expect(await kept(list, { whole: list.length, reduce })).toEqual({ text: list, truncated: false });
  const reduced = await kept(list, { whole: list.length - 1, reduce });
  expect(JSON.parse(reduced.text)).toEqual({ kind: 'List', items: Array.from({ length: 100 }, (_, index) => ({ index })) });
  const object = JSON.stringify({ kind: 'ConfigMap', data: { items: '[{}]' } });
  expect(await kept(object, short)).toEqual({ text: object, truncated: false });
});

it.each([
  ['ends too early', list.slice(0, -3), 1e6, false],
  ['ends within an item', list.slice(0, 500), 1e6, false],
  ['has an item that is no JSON', list.replace('"index": 7', '"index": ,'), 1e6, false],
  ['is more than may be kept', list, 900, true],
])('a list that %s is not taken for a whole one', async (_, text, limit, truncated) => {
  const found = await kept(text, short, limit);
  expect(() => JSON.parse(found.text)).toThrow(SyntaxError);
  expect(found.truncated).toBe(truncated);
});
