import { createHmac } from 'node:crypto';

/** `[redacted:<kind>:<8 hex digits>]`; the digits are a keyed HMAC of what was there, so that equal secrets stay recognisable as equal. */
const placeholderPattern = /\[redacted:[a-z0-9-]+:[0-9a-f]{8}\]/g;

/** Stands for every character of a placeholder while passes look at a text. Private use: no rule matches it. */
export const blankChar = '\uE000';

/** The same secret comes again and again: digests of so many, none of them long, are kept. */
const mostKnown = 256;
const longestKnown = 512;

export type Placeholder = (kind: string, secret: string) => string;

export function createPlaceholder(key: Uint8Array): Placeholder {
  const known = new Map<string, string>();
  const digestOf = (secret: string): string => createHmac('sha256', key).update(secret).digest('hex').slice(0, 8);
  return (kind, secret) => {
    const digest = known.get(secret) ?? digestOf(secret);
    if (known.size >= mostKnown) known.clear();
    if (secret.length <= longestKnown) known.set(secret, digest);
    return `[redacted:${kind}:${digest}]`;
  };
}

/** The text with every placeholder blanked, at the same length: offsets agree with the original. */
export function blankPlaceholders(text: string): string {
  const own = text.includes(blankChar) ? text.replaceAll(blankChar, 'x') : text;
  if (!own.includes('[redacted:')) return own;
  return own.replace(placeholderPattern, (found) => blankChar.repeat(found.length));
}
