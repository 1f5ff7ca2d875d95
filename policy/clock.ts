import type { Clocks } from './contract/calendar.ts';

/** 0: Sunday. */
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

type Parts = Readonly<Partial<Record<Intl.DateTimeFormatPartTypes, string>>>;

/** Throws RangeError when there is no such time zone. */
function localParts(at: Date, timeZone: string): Parts {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

export function isTimezone(name: string): boolean {
  try {
    localParts(new Date(0), name);
    return true;
  } catch {
    return false;
  }
}

/** Local day and minute by time zone. A zone that this machine does not know has no clock: what depends on it is closed. */
export function clocksAt(now: Date, timezones: Iterable<string>): Clocks {
  const clocks: Clocks = {};
  for (const timezone of new Set(timezones)) {
    if (!isTimezone(timezone)) continue;
    const { weekday = '', hour, minute } = localParts(now, timezone);
    clocks[timezone] = { day: weekdays.indexOf(weekday), minute: Number(hour) * 60 + Number(minute) };
  }
  return clocks;
}

/** `Monday 30 November 08:00 UTC`; with the year when that is another one. */
export function untilWords(until: Date, now: Date, timezone: string): string {
  const { weekday, day, month, year, hour, minute } = localParts(until, timezone);
  const date = year === localParts(now, timezone).year ? `${day} ${month}` : `${day} ${month} ${year}`;
  return `${weekday} ${date} ${hour}:${minute} ${timezone}`;
}

function daysWords(days: readonly number[]): string {
  const fromMonday = [...new Set(days)].map((day) => (day + 6) % 7).sort((a, b) => a - b);
  const name = (day: number | undefined) => weekdays[((day ?? 0) + 1) % 7];
  const [first = 0] = fromMonday;
  const last = fromMonday.at(-1) ?? 0;
  if (fromMonday.length === 7) return 'every day';
  if (fromMonday.length > 2 && last - first === fromMonday.length - 1) return `${name(first)} to ${name(last)}`;
  return fromMonday.map(name).join(', ');
}

/** `Monday to Friday 09:00 to 17:00 Europe/Berlin`. Times as HH:MM. */
export function hoursWords(
  window: { readonly days: readonly number[]; readonly from: string; readonly to: string },
  timezone: string,
): string {
  return `${daysWords(window.days)} ${window.from} to ${window.to} ${timezone}`;
}
