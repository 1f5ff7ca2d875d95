import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSettled } from './settled.ts';

/** Some transactions, each of which begins, takes a number for its entry, and ends in a commit or not, at times of its own. */
const transactions = fc.array(
  fc.record({ begins: fc.nat(60), takes: fc.nat(30), ends: fc.nat(30), commits: fc.boolean() }).map(({ begins, takes, ends, commits }) => ({
    begins,
    takes: begins + takes,
    ends: begins + takes + ends + 1,
    commits,
  })),
  { maxLength: 12 },
);

test('whatever transactions do, nothing appears below what is settled, and in the end everything is', () => {
  fc.assert(
    fc.property(transactions, fc.array(fc.integer({ min: 0, max: 130 }), { maxLength: 40 }), (all, times) => {
      // Numbers of transactions by their beginning, of entries by when they were taken.
      const byBegin = all.toSorted((a, b) => a.begins - b.begins);
      const byTake = all.toSorted((a, b) => a.takes - b.takes);
      const settled = createSettled();
      const sightAt = (time: number) => {
        const begun = byBegin.filter(({ begins }) => begins <= time);
        const running = begun.findIndex(({ ends }) => ends > time);
        const there = byTake.flatMap(({ ends, commits }, index) => (commits && ends <= time ? [index + 1] : []));
        const xmax = BigInt(begun.length);
        return { there, sight: { highest: Math.max(0, ...there), xmin: running === -1 ? xmax : BigInt(running), xmax, server: 'one' } };
      };
      let before: { upTo: number; there: readonly number[] } = { upTo: 0, there: [] };
      for (const time of [...times.toSorted((a, b) => a - b), 200]) {
        const { there, sight } = sightAt(time);
        expect(there.filter((entry) => entry <= before.upTo)).toEqual(before.there.filter((entry) => entry <= before.upTo));
        before = { upTo: settled.upTo(sight), there };
      }
      expect(before.upTo).toBe(Math.max(0, ...before.there));
    }),
    { numRuns: 500 },
  );
});

test('another server, or older data, begins anew', () => {
  const settled = createSettled();
  const quiet = { highest: 10, xmin: 5n, xmax: 5n, server: 'one' };
  expect(settled.upTo(quiet)).toBe(10);
  expect(settled.upTo({ highest: 12, xmin: 900n, xmax: 905n, server: 'two' })).toBe(0);
  expect(settled.upTo(quiet)).toBe(10);
  expect(settled.upTo({ highest: 8, xmin: 6n, xmax: 7n, server: 'one' })).toBe(0);
});
