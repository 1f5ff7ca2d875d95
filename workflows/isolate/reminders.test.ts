import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastCallMs, nextReminder } from './reminders.ts';

const minute = 60_000;

describe('people are reminded', () => {
  test('at half time, then five minutes before the end, then no more', () => {
    expect(nextReminder(0, 30 * minute, 0)).toBe(15 * minute);
    expect(nextReminder(0, 30 * minute, 15 * minute)).toBe(25 * minute);
    expect(nextReminder(0, 30 * minute, 25 * minute)).toBeNull();
  });

  test('once, when both times are the same', () => {
    expect(nextReminder(0, 10 * minute, 0)).toBe(5 * minute);
    expect(nextReminder(0, 10 * minute, 5 * minute)).toBeNull();
  });

  test('at half time only, when there are no more than five minutes', () => {
    for (const length of [1, 3, 5]) {
      expect(nextReminder(0, length * minute, 0)).toBe((length * minute) / 2);
      expect(nextReminder(0, length * minute, (length * minute) / 2)).toBeNull();
    }
  });

  test('at the next time that is left, after an absence', () => {
    expect(nextReminder(0, 30 * minute, 20 * minute)).toBe(25 * minute);
    expect(nextReminder(0, 30 * minute, 40 * minute)).toBeNull();
  });
});

test('always later than now, before the end, and at most twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 * 60 }), fc.integer({ min: 0, max: 25 * 60 }), (length, after) => {
      const end = length * minute;
      const times: number[] = [];
      for (let now: number | null = after * minute; now !== null; ) {
        const next = nextReminder(0, end, now);
        if (next !== null) times.push(next);
        now = next;
      }
      expect(times.length).toBeLessThanOrEqual(2);
      for (const time of times) expect(time > after * minute && time < end && (time === end / 2 || time === end - lastCallMs)).toBe(true);
    }),
  );
});
