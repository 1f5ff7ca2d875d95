import { entropyOf } from '../rules/entropy.ts';

/** What stands where a secret would stand, and is none: empty, a variable, a mask, a reference in the words of kubectl. */
const nothing =
  /^(?:|null|nil|none|true|false|undefined|yes\)?|no\)?|\d+ bytes|\*+|x+|\.+|-+|<[^>]*>?|\$\{?[A-Za-z_][A-Za-z0-9_.]*\}?|\$\([^)]*\)?|\{\{.*|%[sdvq]|\{\}?|\[\]?|\|[-+]?|>[-+]?|&[a-z]\w*|\*[a-z]\w*)$/i;

/** A value after a name that only ever holds a secret, e.g. `password`. */
export function isValue(text: string): boolean {
  return !nothing.test(text);
}

/** A value after a name that may also hold a word, e.g. `token` or `secret`: long enough, and not made of dictionary letters. */
export function isTokenLike(text: string): boolean {
  if (!isValue(text) || text.length < 8) return false;
  if (/^[a-z][a-z-]*$/.test(text) && text.length < 32) return false;
  return /[0-9]/.test(text) || /[^A-Za-z0-9._/-]/.test(text) || entropyOf(text) > 3.5;
}
