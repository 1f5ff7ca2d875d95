import { expect, test } from 'vitest';
import { calendarFor, clocksFor } from './calendar.ts';
import type { Autonomy } from './deps.ts';

const now = new Date('2026-11-23T12:00:00Z');
const autonomy: Autonomy = {
  approvalMinutes: 30,
  rules: [],
  budgets: { stepsPerPlan: 1, targetsPerStep: 1, replicasPerStep: 1, percentPerStep: 1, writesPerHour: 1 },
  freezes: [],
  windows: [],
  timezone: 'Europe/Berlin',
  breakGlass: null,
};

test('a freeze tells until when in the time zone of the calendar, and of what it speaks', () => {
  const freezes = [{ name: 'year end', services: ['checkout'], from: '2026-11-23T00:00:00Z', to: '2026-11-30T07:00:00Z' }];
  expect(calendarFor({ ...autonomy, freezes }, now).freezes).toEqual([
    {
      name: 'year end',
      services: ['checkout'],
      fromMs: Date.UTC(2026, 10, 23),
      toMs: Date.UTC(2026, 10, 30, 7),
      until: 'Monday 30 November 08:00 Europe/Berlin',
    },
  ]);
});

test('a window is in minutes of its local day, and in words', () => {
  const windows = [{ name: 'night', sites: ['shop'], days: [0], from: '22:30', to: '24:00', timezone: 'America/New_York' }];
  expect(calendarFor({ ...autonomy, windows }, now).windows).toEqual([
    {
      name: 'night',
      sites: ['shop'],
      days: [0],
      fromMinute: 1350,
      toMinute: 1440,
      timezone: 'America/New_York',
      hours: 'Sunday 22:30 to 24:00 America/New_York',
    },
  ]);
});

test('there is a clock for every zone that rules and windows name', () => {
  const of = (timezone?: string) => ({ days: [1], fromMinute: 0, toMinute: 1, ...(timezone && { timezone }) });
  const rules: Autonomy['rules'] = [{ mode: 'deny' }, { mode: 'deny', windows: [of('Asia/Tokyo'), of()] }];
  const windows = [{ name: 'day', days: [1], from: '09:00', to: '17:00', timezone: 'America/New_York' }];
  expect(clocksFor({ rules, windows }, now)).toEqual({
    UTC: { day: 1, minute: 720 },
    'Asia/Tokyo': { day: 1, minute: 1260 },
    'America/New_York': { day: 1, minute: 420 },
  });
});
