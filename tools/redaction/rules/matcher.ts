import { type Matcher, RE2JS } from 're2js';
import type { Span } from '../spans.ts';
import { type Allowed, type Candidate, createAllowed } from './allowlist.ts';
import { entropyOf } from './entropy.ts';
import type { Rule } from './load.ts';
import type { Window } from './windows.ts';

/** Spans of the secrets of one rule in a window of a text. */
export type RuleMatcher = (text: string, window: Window) => Span[];

/** A match that reaches the window's end may go on beyond it: look again with more text, up to this many characters. */
const widest = 32_768;

function lineOf(text: string, start: number, end: number): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', end);
  return text.slice(from, to === -1 ? text.length : to);
}

/** Named groups only tell alternatives apart: there the whole match is the secret. */
function groupOf(rule: Rule, groups: readonly number[]): { start: number; end: number } {
  const whole = { start: groups[0] ?? 0, end: groups[1] ?? 0 };
  if (rule.secretGroup === 0 && rule.regex.includes('(?P<')) return whole;
  for (let group = 1; group * 2 < groups.length; group++) {
    if (rule.secretGroup > 0 && group !== rule.secretGroup) continue;
    const start = groups[group * 2] ?? -1;
    const end = groups[group * 2 + 1] ?? -1;
    if (end > start && start >= 0) return { start, end };
  }
  return whole;
}

function spanOf(rule: Rule, allowed: readonly Allowed[], text: string, offset: number, groups: readonly number[]): Span | null {
  const part = groupOf(rule, groups);
  const start = offset + part.start;
  const end = offset + part.end;
  const secret = text.slice(start, end);
  if (rule.entropy > 0 && entropyOf(secret) <= rule.entropy) return null;
  const match = text.slice(offset + (groups[0] ?? 0), offset + (groups[1] ?? 0)).replace(/^\n+|\n+$/g, '');
  const candidate: Candidate = { secret, match, line: () => lineOf(text, start, end) };
  if (allowed.some((allows) => allows(candidate))) return null;
  return { start, end, kind: rule.id };
}

function groupsOf(matcher: Matcher): number[] {
  return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => [matcher.start(group), matcher.end(group)]).flat();
}

/** Compiles a rule; RE2 finds a match in time linear to the text, whatever the text. */
export function createRuleMatcher(rule: Rule, global: Allowed): RuleMatcher {
  const regex = RE2JS.compile(rule.regex);
  const allowed = [...rule.allowlists.map(createAllowed), global];

  /** The match that starts at `start` and reaches its window's end at `end`: looked at again with more text, until it ends by itself. */
  function longMatch(text: string, start: number, end: number): Span | null {
    const from = Math.max(0, start - 1);
    for (let more = 512; ; more *= 2) {
      const to = Math.min(text.length, end + more);
      const matcher = regex.matcher(text.slice(from, to));
      if (!matcher.find(start - from)) return null;
      const endsItself = from + matcher.end() < to || to === text.length;
      if (endsItself || more >= widest) return spanOf(rule, allowed, text, from, groupsOf(matcher));
      // Its end was only the window's: what the rule takes for the end of a text is not here.
      if (from + matcher.start() !== start) return null;
    }
  }

  return (text, window) => {
    const part = text.slice(window.start, window.end);
    if (!regex.test(part)) return [];
    const matcher = regex.matcher(part);
    const spans: (Span | null)[] = [];
    while (matcher.find()) {
      const isCut = matcher.end() === part.length && window.end < text.length;
      spans.push(
        isCut ? longMatch(text, window.start + matcher.start(), window.end) : spanOf(rule, allowed, text, window.start, groupsOf(matcher)),
      );
    }
    return spans.filter((span) => span !== null);
  };
}
