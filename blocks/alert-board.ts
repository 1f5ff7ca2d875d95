import { chunks } from './chunks.ts';
import { section } from './elements.ts';
import { link, oneLine } from './escape.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';
import { count, instant } from './words.ts';

/** An alert as its incident's thread lists it. */
export interface ShownAlert {
  readonly title: string;
  readonly status: 'firing' | 'acknowledged' | 'resolved';
  readonly urgency: 'high' | 'low';
  readonly service: string | null;
  readonly url: string | null;
  readonly startsAt: string;
}

export interface ShownAlerts {
  readonly firing: number;
  readonly acknowledged: number;
  readonly resolved: number;
  /** Those that a person should see first. */
  readonly first: readonly ShownAlert[];
}

const listed = 10;
const longestUrl = 150;

function line({ title, status, urgency, service, url, startsAt }: ShownAlert): string {
  const where = service === null ? '' : ` · ${truncate(oneLine(service), 60)}`;
  const words = truncate(oneLine(title), 120) || '(empty)';
  const name = status === 'resolved' ? `~${words.replaceAll('~', '∼')}~` : words;
  const source = url === null || url.length > longestUrl ? '' : ` · ${link(url, 'PagerDuty')}`;
  return `• ${name}${where} · ${urgency === 'low' ? 'low urgency, ' : ''}${status} · since ${instant(startsAt)}${source}`;
}

/** One message per incident: how many alerts it has, and those that matter most. */
export function alertBoard({ firing, acknowledged, resolved, first: alerts }: ShownAlerts): MessageView {
  const total = firing + acknowledged + resolved;
  const parts = [
    [firing, 'firing'],
    [acknowledged, 'acknowledged'],
    [resolved, 'resolved'],
  ] as const;
  const states = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const heading = `${count(total, 'alert')}: ${states.join(', ')}`;
  const shown = alerts.slice(0, listed);
  const rest = total > shown.length ? [`… (${total - shown.length} more)`] : [];
  return { text: heading, blocks: [section(`*${heading}*`), ...chunks([...shown.map(line), ...rest], 5)] };
}
