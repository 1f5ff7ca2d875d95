import { escapeText } from './escape.ts';

function note(rest: number): string {
  return `… (${rest} more ${rest === 1 ? 'character' : 'characters'})`;
}

/**
 * The longest beginning of `text` that is at most `max` characters once encoded, with a visible note of what is missing.
 * `encode` must work character by character. Never cuts an entity or a surrogate pair.
 */
export function truncate(text: string, max: number, encode: (text: string) => string = escapeText): string {
  const whole = encode(text);
  if (whole.length <= max) return whole;
  const characters = [...text];
  const room = max - note(characters.length).length;
  let kept = '';
  let count = 0;
  for (const character of characters) {
    const encoded = encode(character);
    if (kept.length + encoded.length > room) break;
    kept += encoded;
    count += 1;
  }
  return `${kept}${note(characters.length - count)}`;
}

/** The first `max` of `items`, then `… (N more)` in the words of `more`. */
export function first<T>(items: readonly T[], max: number, show: (item: T, index: number) => string): string[] {
  const shown = items.slice(0, max).map(show);
  return items.length > max ? [...shown, `… (${items.length - max} more)`] : shown;
}
