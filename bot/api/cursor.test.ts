import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cursor, cursorOf, nextOf } from './cursor.ts';

test('a cursor leads back to its place in its own list, and nothing else does', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }).filter((place) => place.isWellFormed()),
      fc.nat(),
      (place, at) => {
        const cursor = cursorOf('incidents', place);
        expect(Cursor('incidents').parse(cursor)).toBe(place);
        expect(Cursor('outbox').safeParse(cursor).success).toBe(false);
        const index = at % cursor.length;
        const other = cursor[index] === 'A' ? 'B' : 'A';
        expect(Cursor('incidents').safeParse(`${cursor.slice(0, index)}${other}${cursor.slice(index + 1)}`).success).toBe(false);
      },
    ),
    { numRuns: 200 },
  );
  for (const bad of ['', '0', "' OR 1=1 --", 'AAAA']) expect(Cursor('incidents').safeParse(bad).success).toBe(false);
});

test('a page that is not full is the last one', () => {
  expect(nextOf('outbox', [1, 2], 3, String)).toBeNull();
  expect(nextOf('outbox', [1, 2], 2, String)).toBe(cursorOf('outbox', 2));
});
