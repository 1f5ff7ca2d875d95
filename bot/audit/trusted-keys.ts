import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type NoteKey, noteKey, parseVerifier } from './note.ts';
import { NotVerifiable } from './verify.ts';

const pemBlock = /-----BEGIN (?:PUBLIC|PRIVATE) KEY-----[\s\S]+?-----END (?:PUBLIC|PRIVATE) KEY-----/g;

function ed25519(key: () => KeyObject): KeyObject[] {
  try {
    const read = key();
    return read.asymmetricKeyType === 'ed25519' ? [read] : [];
  } catch {
    return [];
  }
}

/** Keys in a text: verifier keys one a line, PEM blocks, or a JWK. A key without a name is taken for the log at hand. */
function keysIn(text: string, origin: string): readonly NoteKey[] {
  const named = text.split('\n').flatMap((line) => parseVerifier(line) ?? []);
  const pem = (text.match(pemBlock) ?? []).flatMap((block) => ed25519(() => createPublicKey(block)));
  const jwk = text.trimStart().startsWith('{') ? ed25519(() => createPublicKey({ key: JSON.parse(text), format: 'jwk' })) : [];
  return [...named, ...[...pem, ...jwk].map((key) => noteKey(origin, key))];
}

function textOf(given: string): string {
  if (parseVerifier(given) !== null || given.includes('-----BEGIN') || given.trimStart().startsWith('{')) return given;
  try {
    return readFileSync(given, 'utf8');
  } catch (error) {
    throw new NotVerifiable(`--key ${given}: neither a key nor a file that can be read`, error);
  }
}

/** `given`: each a verifier key, PEM, a JWK, or a file of them. Throws NotVerifiable for what holds no Ed25519 key. */
export function trustedKeys(given: readonly string[]): (origin: string) => readonly NoteKey[] {
  const texts = given.map(textOf);
  for (const [index, text] of texts.entries())
    if (keysIn(text, 'any').length === 0) throw new NotVerifiable(`--key ${given[index]}: there is no Ed25519 public key in it`);
  return (origin) => texts.flatMap((text) => keysIn(text, origin));
}
