import { Fragment, createElement as h, isValidElement, type ReactElement, type ReactNode } from 'react';
import type { Workspace } from '../workspace.ts';
import { date } from './date.ts';

/*
 * Slack's mrkdwn: https://docs.slack.dev/messaging/formatting-message-text
 * slack-blocks-to-jsx 1.1.1 reads it as Markdown and changes the text of code blocks on the way (`*a*` becomes `**a**`);
 * commands and diffs must be shown as they are, so mrkdwn is read here.
 */

const emoji: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  warning: '⚠️',
  rotating_light: '🚨',
  hourglass_flowing_sand: '⏳',
  hourglass: '⌛',
  eyes: '👀',
  tada: '🎉',
  rocket: '🚀',
  mag: '🔍',
  wave: '👋',
  '+1': '👍',
  thumbsup: '👍',
  '-1': '👎',
  thumbsdown: '👎',
  red_circle: '🔴',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  information_source: 'ℹ️',
  no_entry: '⛔',
  lock: '🔒',
  memo: '📝',
  chart_with_upwards_trend: '📈',
  fire: '🔥',
  bell: '🔔',
  wrench: '🔧',
  question: '❓',
  robot_face: '🤖',
  arrow_right: '➡️',
  rewind: '⏪',
  clock1: '🕐',
  bulb: '💡',
  stop_sign: '🛑',
  bust_in_silhouette: '👤',
};

/** The picture, or the name between colons where it has none here. */
export function emojiOf(name: string): string {
  return Object.hasOwn(emoji, name) ? (emoji[name] ?? '') : `:${name}:`;
}

/** Slack escapes these three characters and no others. */
export function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function mention(workspace: Workspace, id: string, label: string | undefined): ReactElement {
  const person = [...workspace.people, { id: workspace.app.botUserId, name: workspace.app.name }].find((known) => known.id === id);
  return h('span', { className: 'slack_user' }, `@${person?.name ?? label ?? id}`);
}

function special(workspace: Workspace, inside: string): ReactElement {
  const [target = '', label] = inside.split('|', 2);
  if (target.startsWith('@')) return mention(workspace, target.slice(1), label);
  if (target.startsWith('#'))
    return h(
      'span',
      { className: 'slack_channel' },
      `#${workspace.channels.find((channel) => channel.id === target.slice(1))?.name ?? label ?? target.slice(1)}`,
    );
  if (target.startsWith('!date^')) return date(decode(target), decode(label ?? target), new Date());
  if (target.startsWith('!')) return h('span', { className: 'slack_broadcast' }, `@${decode(label ?? target.slice(1))}`);
  if (!/^(https?:|mailto:)/.test(target)) return h('span', null, decode(label ?? target));
  return h('a', { href: decode(target), target: '_blank', rel: 'noopener noreferrer' }, decode(label ?? target));
}

/** A pair of marks around text, not inside of words, not across lines. */
const styled = (mark: string, name: string) =>
  `(?<![\\p{L}\\p{N}${mark}])${mark}(?<${name}>[^${mark}\\s\\n]|[^${mark}\\s\\n][^${mark}\\n]*?[^${mark}\\s\\n])${mark}(?![\\p{L}\\p{N}${mark}])`;
const inlineSource = [
  '`(?<code>[^`\\n]+)`',
  '<(?<special>[^<>\\n]+)>',
  styled('\\*', 'bold'),
  styled('_', 'italic'),
  styled('~', 'struck'),
  ':(?<emoji>[a-z0-9_+-]+):',
].join('|');

function token(workspace: Workspace, groups: Readonly<Record<string, string | undefined>>, whole: string): ReactNode {
  if (groups['code'] !== undefined) return h('code', { className: 'slack_code_inline' }, decode(groups['code']));
  if (groups['special'] !== undefined) return special(workspace, groups['special']);
  if (groups['bold'] !== undefined) return h('strong', null, inline(workspace, groups['bold']));
  if (groups['italic'] !== undefined) return h('em', null, inline(workspace, groups['italic']));
  if (groups['struck'] !== undefined) return h('s', null, inline(workspace, groups['struck']));
  return groups['emoji'] === undefined ? whole : emojiOf(groups['emoji']);
}

function inline(workspace: Workspace, text: string): ReactElement {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(new RegExp(inlineSource, 'gu'))) {
    parts.push(decode(text.slice(at, match.index)), token(workspace, match.groups ?? {}, match[0]));
    at = match.index + match[0].length;
  }
  return h(Fragment, null, ...parts, decode(text.slice(at)));
}

const quoteMark = /^(?:>|&gt;) ?/;

/** Lines in runs: quoted and not. */
function lines(workspace: Workspace, text: string): ReactElement[] {
  const runs: { quoted: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = quoteMark.test(line);
    const last = runs.at(-1);
    if (last?.quoted === quoted) last.lines.push(line.replace(quoteMark, ''));
    else runs.push({ quoted, lines: [quoted ? line.replace(quoteMark, '') : line] });
  }
  return runs.map((run) => h(run.quoted ? 'blockquote' : 'p', null, inline(workspace, run.lines.join('\n'))));
}

/** mrkdwn as React elements. Every character of the text is shown, save the marks themselves. */
export function mrkdwn(workspace: Workspace, text: string): ReactElement {
  const parts = text.split(/```\n?([\s\S]+?)\n?```\n?/);
  const shown = parts.flatMap((part, index) => {
    if (index % 2 === 1) return [h('pre', null, decode(part))];
    const trimmed = index < parts.length - 1 ? part.replace(/\n$/, '') : part;
    return trimmed === '' ? [] : lines(workspace, trimmed);
  });
  return h('div', { className: 'kit' }, ...shown);
}

function textOf(node: ReactNode): string {
  if (Array.isArray(node)) return node.map(textOf).join('');
  if (!isValidElement<{ children?: ReactNode }>(node)) return typeof node === 'string' ? node : '';
  return `${textOf(node.props.children)}${typeof node.type === 'string' && /^(p|pre|blockquote)$/.test(node.type) ? ' ' : ''}`;
}

/** mrkdwn as it is read aloud: names of people and channels, no marks, on one line. */
export function spoken(workspace: Workspace, text: string): string {
  return textOf(mrkdwn(workspace, text)).replace(/\s+/g, ' ').trim();
}

/** Either kind of text object. */
export function textObject(workspace: Workspace, object: unknown): ReactElement {
  const { type, text } = object as { type: string; text: string };
  return type === 'mrkdwn' ? mrkdwn(workspace, text) : h('div', { className: 'kit' }, h('p', null, text));
}
