import { clocksAt, hoursWords, untilWords } from '../../policy/clock.ts';
import type { ChangeWindow, Clocks, Freeze } from '../../policy/contract/calendar.ts';
import type { Autonomy, CalendarScope } from './deps.ts';

function scopeOf({ sites, environments, services }: CalendarScope) {
  return {
    ...(sites && { sites: [...sites] }),
    ...(environments && { environments: [...environments] }),
    ...(services && { services: [...services] }),
  };
}

function freezeOf(freeze: Autonomy['freezes'][number], now: Date, timezone: string): Freeze {
  const to = new Date(freeze.to);
  const until = untilWords(to, now, timezone);
  return { name: freeze.name, ...scopeOf(freeze), fromMs: Date.parse(freeze.from), toMs: to.getTime(), until };
}

/** HH:MM → minute of the day. */
function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function windowOf(window: Autonomy['windows'][number]): ChangeWindow {
  const { name, days, from, to, timezone } = window;
  const hours = hoursWords(window, timezone);
  return { name, ...scopeOf(window), days: [...days], fromMinute: minuteOf(from), toMinute: minuteOf(to), timezone, hours };
}

/** Local time in every zone that the configuration names. */
export function clocksFor({ rules, windows }: Pick<Autonomy, 'rules' | 'windows'>, now: Date): Clocks {
  const ofRules = rules.flatMap((rule) => (rule.windows ?? []).flatMap(({ timezone }) => timezone ?? []));
  return clocksAt(now, ['UTC', ...ofRules, ...windows.map(({ timezone }) => timezone)]);
}

/** What policy has to know of the calendar. */
export function calendarFor(autonomy: Autonomy, now: Date) {
  return {
    freezes: autonomy.freezes.map((freeze) => freezeOf(freeze, now, autonomy.timezone)),
    windows: autonomy.windows.map(windowOf),
    clocks: clocksFor(autonomy, now),
  };
}
