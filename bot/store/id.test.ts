import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeOfUuidv7, uuidv7 } from './id.ts';

const instants = fc.date({ min: new Date(0), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true });

test('an id has the form of RFC 9562, version 7, and tells its time', () => {
  fc.assert(
    fc.property(instants, (now) => {
      const id = uuidv7(now);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(timeOfUuidv7(id)).toEqual(now);
    }),
  );
});

test.each(['', 'made-up', '0199c0de-0000-4000-8000-000000000000', '0199C0DE-0000-7000-8000-000000000000'])('%j tells no time', (id) => {
  expect(timeOfUuidv7(id)).toBeNull();
});

test('ids sort by time, and two of one instant differ', () => {
  fc.assert(
    fc.property(instants, instants, (a, b) => {
      fc.pre(a.getTime() < b.getTime());
      expect(uuidv7(a) < uuidv7(b)).toBe(true);
      expect(uuidv7(a)).not.toBe(uuidv7(a));
    }),
  );
});
