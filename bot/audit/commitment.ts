import { hash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../tools/canonical.ts';

/** What an entry's body holds in place of a value that may be erased one day: SHA-256(salt ‖ RFC 8785 form of the value). */
export const Commitment = z.strictObject({ commitment: z.string().regex(/^[0-9a-f]{64}$/) });
export type Commitment = z.infer<typeof Commitment>;

/** The value and the 32 bytes (hexadecimal) with which its commitment is opened. */
export const Disclosure = z.object({ salt: z.string().regex(/^[0-9a-f]{64}$/), value: z.unknown() });
export type Disclosure = z.infer<typeof Disclosure>;

/** As it stands in the body. `salt`: 64 hexadecimal digits; `text`: the RFC 8785 form. */
export function commitmentTo(salt: string, text: string): string {
  const bytes = Buffer.allocUnsafe(32 + Buffer.byteLength(text));
  bytes.write(salt, 'hex');
  bytes.write(text, 32);
  return hash('sha256', bytes, 'hex');
}

/** The salt has 256 random bits: without it nobody can find the value by trying. */
export function commit(value: unknown): { readonly commitment: Commitment; readonly disclosure: Disclosure } {
  const salt = randomBytes(32).toString('hex');
  return { commitment: { commitment: commitmentTo(salt, canonicalJson(value)) }, disclosure: { salt, value } };
}

/** What a disclosure opens; null when it is none. */
export function commitmentOf(disclosure: unknown): string | null {
  const read = Disclosure.safeParse(disclosure);
  return read.success && read.data.value !== undefined ? commitmentTo(read.data.salt, canonicalJson(read.data.value)) : null;
}
