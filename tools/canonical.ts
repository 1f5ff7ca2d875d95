import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 form of a JSON value. Throws TypeError when the value has none (undefined, a function, NaN, a lone surrogate). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** Lower-case hexadecimal SHA-256; strings as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 of the RFC 8785 form: the identity of a JSON value. */
export function contentHash(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}
