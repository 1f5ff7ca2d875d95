import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import type { Llm } from './settings.ts';

/** People as configuration knows them. */
export interface NamedPerson {
  readonly name: string;
  readonly email?: string | undefined;
  readonly slack?: { readonly user: string } | undefined;
  readonly linear?: string | undefined;
  readonly pagerduty?: string | undefined;
  readonly oidc?: string | undefined;
}

/** Replaces names that say who and where, and puts them back. */
export interface Pseudonyms {
  hide(text: string): string;
  /** In every string of a value; what was never hidden is left as it is. */
  reveal(value: unknown): unknown;
}

export interface PseudonymOptions {
  readonly settings: Llm['pseudonyms'];
  readonly people: readonly NamedPerson[];
  /** Equal names get equal pseudonyms under one key, and others under another. */
  readonly key: Uint8Array;
}

interface Kind {
  readonly name: string;
  readonly pattern: RegExp;
  /** Decides, where the pattern is loose. */
  readonly is?: (text: string) => boolean;
}

const edge = { before: String.raw`(?<![\p{L}\p{N}_-])`, after: String.raw`(?![\p{L}\p{N}_-])` };

function anyOf(words: readonly string[]): string {
  return words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => (word.endsWith('*') ? `${RegExp.escape(word.slice(0, -1))}[\\w.-]{0,200}` : RegExp.escape(word)))
    .join('|');
}

function wordsPattern(words: readonly string[]): RegExp {
  return new RegExp(`${edge.before}(?:${anyOf(words)})${edge.after}`, 'giu');
}

function kindsOf({ settings, people }: PseudonymOptions): Kind[] {
  const known = people.flatMap(({ name, email, slack, linear, pagerduty, oidc }) =>
    [name, email, slack?.user, linear, pagerduty, oidc].filter((word) => word !== undefined && word.length >= 3),
  ) as string[];
  const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
  return [
    ...(settings.people && known.length > 0 ? [{ name: 'person', pattern: wordsPattern(known) }] : []),
    ...(settings.people
      ? [{ name: 'person', pattern: /(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}(?![\w-])/gi }]
      : []),
    ...(settings.domains.length > 0
      ? [
          {
            name: 'name',
            pattern: new RegExp(`${edge.before}(?:[a-z0-9_-]{1,63}\\.){0,8}(?:${anyOf(settings.domains)})${edge.after}`, 'giu'),
          },
        ]
      : []),
    ...(settings.hosts.length > 0 ? [{ name: 'host', pattern: wordsPattern(settings.hosts) }] : []),
    ...(settings.addresses
      ? [
          // Loosely, short ones and those that end as an IPv4 address too; whether it is one is decided by the parser.
          {
            name: 'address',
            pattern: /(?<![\w:.])(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:.]{0,44}(?:[0-9a-f]|::)(?!\w|:[\w:]|\.\w)/gi,
            is: (text: string) => isIP(text) === 6,
          },
          { name: 'address', pattern: new RegExp(`(?<![\\w.:])(?:${octet}\\.){3}${octet}(?![\\w.]\\d|\\w)`, 'g') },
        ]
      : []),
  ];
}

/** Ten hexadecimal digits: no two names of an incident are likely to get the same. */
const shape = /(?<![\w-])(?:person|name|host|address)-[0-9a-f]{10}(?![\w-])/g;

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}

/** Stable within one key, so that a model can tell things apart and speak of them. Holds what it has hidden: one for each request. */
export function createPseudonyms(options: PseudonymOptions): Pseudonyms {
  const kinds = kindsOf(options);
  const hidden = new Map<string, string>();
  const pseudonymOf = (kind: string, original: string): string => {
    const digest = createHmac('sha256', options.key).update(`${kind} ${original.toLowerCase()}`).digest('hex').slice(0, 10);
    const pseudonym = `${kind}-${digest}`;
    if (!hidden.has(pseudonym)) hidden.set(pseudonym, original);
    return pseudonym;
  };
  return {
    hide: (text) =>
      kinds.reduce(
        (done, { name, pattern, is }) =>
          done.replace(pattern, (original) => (is?.(original) === false ? original : pseudonymOf(name, original))),
        text,
      ),
    reveal: (value) => mapStrings(value, (text) => text.replace(shape, (pseudonym) => hidden.get(pseudonym) ?? pseudonym)),
  };
}
