import { z } from 'zod';
import type { Shown } from './evidence.ts';

/** What a model cites: a text, and words of it. */
export const Cite = z.strictObject({ id: z.string().max(100), quote: z.string().max(500) });
export type Cite = z.infer<typeof Cite>;

export const Claim = z.strictObject({ text: z.string().max(600), cites: z.array(Cite).max(8) });
export type Claim = z.infer<typeof Claim>;

/** A citation that was found where it says. */
export interface Found {
  /** Of the observation. */
  readonly observation: string;
  readonly quote: string;
}

export type Drop = 'uncited' | 'unknown_text' | 'not_in_text' | 'not_stated';

export type Checked = { readonly kind: 'holds'; readonly found: readonly Found[] } | { readonly kind: 'dropped'; readonly why: Drop };

const shortestQuote = 3;

function flat(text: string): string {
  return text.toWellFormed().replaceAll(/\s+/g, ' ').trim();
}

function find({ id, quote }: Cite, shown: readonly Shown[]): Found | Drop {
  const text = shown.find(({ alias, id: whole }) => alias === id || whole === id);
  if (text === undefined) return 'unknown_text';
  const words = flat(quote);
  return words.length >= shortestQuote && flat(text.text).includes(words) ? { observation: text.id, quote: words } : 'not_in_text';
}

/** What of a sentence can be looked up: numbers, and names that no dictionary has. */
export function specificsOf(text: string): readonly string[] {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}._:/@%+-]*/gu) ?? [];
  const names = words
    .map((word) => word.replace(/[._:/@%+-]+$/, ''))
    .filter((word) => /\p{N}/u.test(word) || /[._:/@]/.test(word) || /\p{Ll}\p{Lu}/u.test(word) || /\p{L}-\p{L}.*-/u.test(word));
  return [...new Set(names)];
}

/** Clock times and dates: whatever number a sentence names, nearly every text has it in one of these. */
const times = /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?/gi;

/** A sentence writes the date and the time of a timestamp apart. */
const timestamps = /(\d{4}-\d{2}-\d{2})t(\d{2}:\d{2}(?::\d{2})?)\S*/g;

/** A unit may follow a number; digits, and letters before it, make it another one. */
function standsIn(word: string, text: string): boolean {
  const escaped = RegExp.escape(word);
  if (!/^\d+(?:[.,]\d+)*$/.test(word))
    return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u').test(`${text} ${text.replaceAll(timestamps, '$1 $2 ')}`);
  const number = new RegExp(`(?<![\\p{L}\\p{N}]|\\d[.,])${escaped}(?![.,]?\\d)(?=\\p{L}{0,3}(?![\\p{L}\\p{N}]))`, 'u');
  return number.test(text.replaceAll(times, ' '));
}

/** Ids of texts may be named in a sentence. */
function isAlias(word: string, shown: readonly Shown[]): boolean {
  return shown.some(({ alias, id }) => alias === word || id === word);
}

/**
 * A claim holds when each of its citations is found word for word in the text that it names, and when the numbers and names that it states
 * stand in those texts. Whether the words between them are right is for people to judge, which is why the quotations are shown.
 */
export function checkClaim(claim: Claim, shown: readonly Shown[]): Checked {
  if (claim.cites.length === 0) return { kind: 'dropped', why: 'uncited' };
  const found: Found[] = [];
  for (const cite of claim.cites) {
    const result = find(cite, shown);
    if (typeof result === 'string') return { kind: 'dropped', why: result };
    found.push(result);
  }
  const cited = flat(
    shown
      .filter(({ id }) => found.some(({ observation }) => observation === id))
      .map(({ text }) => text)
      .join(' '),
  ).toLowerCase();
  const missing = specificsOf(claim.text).filter((word) => !isAlias(word, shown) && !standsIn(word.toLowerCase(), cited));
  return missing.length > 0 ? { kind: 'dropped', why: 'not_stated' } : { kind: 'holds', found };
}
