import { createElement as h, type ReactElement } from 'react';

/*
 * Dates in mrkdwn: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 * The server's clock is the reader's: both are this machine.
 */

const dayMs = 86_400_000;
const long = { year: 'numeric', month: 'long', day: 'numeric' } as const;
const short = { ...long, month: 'short' } as const;
const full = { ...long, weekday: 'long' } as const;
const minutes = { hour: '2-digit', minute: '2-digit' } as const;

function pretty(at: Date, now: Date, otherwise: Intl.DateTimeFormatOptions): string {
  const day = (ms: number) => new Date(ms).toDateString();
  const near = { [day(now.getTime())]: 'today', [day(now.getTime() - dayMs)]: 'yesterday', [day(now.getTime() + dayMs)]: 'tomorrow' };
  return near[at.toDateString()] ?? at.toLocaleDateString('en-GB', otherwise);
}

function ago(at: Date, now: Date): string {
  const past = Math.round((now.getTime() - at.getTime()) / 60_000);
  const amount = `${Math.abs(past)} ${Math.abs(past) === 1 ? 'minute' : 'minutes'}`;
  return past < 0 ? `in ${amount}` : `${amount} ago`;
}

const tokens: Readonly<Record<string, (at: Date, now: Date) => string>> = {
  date_num: (at) => at.toLocaleDateString('sv-SE'),
  date: (at) => at.toLocaleDateString('en-GB', long),
  date_short: (at) => at.toLocaleDateString('en-GB', short),
  date_long: (at) => at.toLocaleDateString('en-GB', full),
  date_pretty: (at, now) => pretty(at, now, long),
  date_short_pretty: (at, now) => pretty(at, now, short),
  date_long_pretty: (at, now) => pretty(at, now, full),
  time: (at) => at.toLocaleTimeString('en-GB', minutes),
  time_secs: (at) => at.toLocaleTimeString('en-GB', { ...minutes, second: '2-digit' }),
  ago,
};

/** `target`: `!date^1795444560^{date_short_pretty} {time}`, with a link after it or not. The fallback stands where that is no date. */
export function date(target: string, fallback: string, now: Date): ReactElement {
  const [, seconds = '', format = ''] = target.split('^');
  const at = new Date(Number(seconds) * 1000);
  const known = [...format.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => Object.hasOwn(tokens, name));
  if (!/^\d+$/.test(seconds) || Number.isNaN(at.getTime()) || format === '' || !known) return h('span', null, fallback);
  const shown = format.replaceAll(/\{(\w+)\}/g, (_, name: string) => tokens[name]?.(at, now) ?? '');
  return h('time', { dateTime: at.toISOString(), title: at.toLocaleString('en-GB') }, shown);
}
