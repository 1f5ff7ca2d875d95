import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clocksAt, hoursWords, isTimezone, untilWords } from './clock.ts';

test('a clock shows the local day and minute of each zone', () => {
  const now = new Date('2026-11-23T23:30:00Z');
  expect(clocksAt(now, ['UTC', 'Europe/Berlin', 'America/St_Johns', 'UTC'])).toEqual({
    UTC: { day: 1, minute: 23 * 60 + 30 },
    'Europe/Berlin': { day: 2, minute: 30 },
    'America/St_Johns': { day: 1, minute: 20 * 60 },
  });
});

test('a clock goes by summer time', () => {
  expect(clocksAt(new Date('2026-03-29T00:59:00Z'), ['Europe/Berlin'])).toEqual({ 'Europe/Berlin': { day: 0, minute: 119 } });
  expect(clocksAt(new Date('2026-03-29T01:00:00Z'), ['Europe/Berlin'])).toEqual({ 'Europe/Berlin': { day: 0, minute: 180 } });
});

test('UTC is what the milliseconds say', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }), (now) => {
      const expected = { day: now.getUTCDay(), minute: now.getUTCHours() * 60 + now.getUTCMinutes() };
      expect(clocksAt(now, ['UTC'])).toEqual({ UTC: expected });
    }),
  );
});

test('a zone that does not exist has no clock', () => {
  expect(clocksAt(new Date(), ['Mars/Olympus'])).toEqual({});
  expect(isTimezone('Mars/Olympus')).toBe(false);
  expect(isTimezone('Europe/Berlin')).toBe(true);
});

test.each([
  ['UTC', '2026-11-30T08:00:00Z', 'Monday 30 November 08:00 UTC'],
  ['Europe/Berlin', '2026-11-30T07:00:00Z', 'Monday 30 November 08:00 Europe/Berlin'],
  ['UTC', '2027-01-02T00:00:00Z', 'Saturday 2 January 2027 00:00 UTC'],
  ['Pacific/Auckland', '2026-12-31T11:00:00Z', 'Friday 1 January 2027 00:00 Pacific/Auckland'],
])('until when, in %s: %s', (zone, until, words) => {
  expect(untilWords(new Date(until), new Date('2026-11-23T12:00:00Z'), zone)).toBe(words);
});

test.each([
  [[1, 2, 3, 4, 5], 'Monday to Friday'],
  [[0, 1, 2, 3, 4, 5, 6], 'every day'],
  [[6, 0], 'Saturday, Sunday'],
  [[5, 6, 0], 'Friday to Sunday'],
  [[0, 1, 2], 'Monday, Tuesday, Sunday'],
  [[3], 'Wednesday'],
])('hours of days %j', (days, words) => {
  expect(hoursWords({ days, from: '22:00', to: '04:00' }, 'Europe/Berlin')).toBe(`${words} 22:00 to 04:00 Europe/Berlin`);
});
