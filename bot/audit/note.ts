import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Who signs, in the format of https://c2sp.org/signed-note. */
export interface NoteKey {
  /** Without spaces and `+`; a log's key has the log's origin as its name. */
  readonly name: string;
  /** First 4 bytes of SHA-256(name, line feed, 0x01, public key), in hexadecimal. */
  readonly id: string;
  readonly publicKey: KeyObject;
}

export interface Signer extends NoteKey {
  readonly privateKey: KeyObject;
}

interface Signature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}

export interface Note {
  /** What is signed; ends in a line feed. */
  readonly text: string;
  readonly signatures: readonly Signature[];
}

/** Signature type of Ed25519. */
const ed25519 = 0x01;
const dash = '\u2014';
const mostSignatures = 100;

function rawKey(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function typedKey(publicKey: KeyObject): Buffer {
  return Buffer.concat([Buffer.of(ed25519), rawKey(publicKey)]);
}

/** The key under that name. `key` is an Ed25519 key, its public half is taken. */
export function noteKey(name: string, key: KeyObject): NoteKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const id = createHash('sha256').update(`${name}\n`).update(typedKey(publicKey)).digest('hex').slice(0, 8);
  return { name, id, publicKey };
}

export function noteSigner(name: string, privateKey: KeyObject): Signer {
  return { ...noteKey(name, privateKey), privateKey };
}

/** `name+id+base64`, as programs that verify notes take it. */
export function verifierText({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${typedKey(publicKey).toString('base64')}`;
}

/** Null when it is no Ed25519 verifier key, or its id is not the key's. */
export function parseVerifier(text: string): NoteKey | null {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 33 || bytes[0] !== ed25519) return null;
  const x = bytes.subarray(1).toString('base64url');
  const key = noteKey(name, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }));
  return key.id === id ? key : null;
}

/** `text` ends in a line feed. */
export function signNote(text: string, { name, id, privateKey }: Signer): string {
  const signature = Buffer.concat([Buffer.from(id, 'hex'), sign(null, Buffer.from(text, 'utf8'), privateKey)]);
  return `${text}\n${dash} ${name} ${signature.toString('base64')}\n`;
}

const signatureLine = new RegExp(`^${dash} ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})$`);

function parseSignature(line: string): Signature | null {
  const [, name = '', encoded = ''] = signatureLine.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length > 4 ? { name, id: bytes.subarray(0, 4).toString('hex'), bytes: bytes.subarray(4) } : null;
}

/** Its parts, nothing verified. Null when it is no signed note. */
export function parseNote(note: string): Note | null {
  const end = note.lastIndexOf('\n\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids them
  if (end <= 0 || !note.endsWith('\n') || /[\x00-\x09\x0b-\x1f]/.test(note)) return null;
  const lines = note.slice(end + 2, -1).split('\n');
  const signatures = lines.slice(0, mostSignatures).flatMap((line) => parseSignature(line) ?? []);
  return signatures.length === lines.length ? { text: note.slice(0, end + 1), signatures } : null;
}

/** Whether one of the keys signed it. `unknown`: none did, as far as names and ids say. A wrong signature in the name of a known key spoils the note. */
export function signedBy({ text, signatures }: Note, keys: readonly NoteKey[]): 'good' | 'bad' | 'unknown' {
  const message = Buffer.from(text, 'utf8');
  let found: 'good' | 'unknown' = 'unknown';
  for (const { name, id, bytes } of signatures) {
    const key = keys.find((one) => one.name === name && one.id === id);
    if (key === undefined) continue;
    if (!verify(null, message, key.publicKey, bytes)) return 'bad';
    found = 'good';
  }
  return found;
}
