import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK } from 'jose';
import { contentHash } from '../tools/canonical.ts';
import { type GrantKey, generateGrantKeys, importGrantPrivateKey, importGrantPublicKey, publicGrantKey } from '../tools/grant-keys.ts';
import { ConfigInvalid } from './config.ts';

/** Secrets of an embedded installation: made once, readable by the owner only, kept in the data directory. */
function keptSecret(directory: string, name: string, make: () => string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  if (!existsSync(path)) {
    writeFileSync(path, make(), { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  }
  return readFileSync(path, 'utf8').trim();
}

const hexKey = () => randomBytes(32).toString('hex');

/** 32 bytes for payload encryption. */
export function payloadKey(configured: string | undefined, directory: string): Uint8Array {
  return Buffer.from(configured ?? keptSecret(directory, 'payload.key', hexKey), 'hex');
}

/** 32 bytes for the placeholders of redaction, so that equal secrets get equal placeholders. */
export function placeholderKey(directory: string): Uint8Array {
  return Buffer.from(keptSecret(directory, 'placeholder.key', hexKey), 'hex');
}

/** The same for processes that share no directory: made from the key that they do share. */
export function sharedPlaceholderKey(payload: string): Uint8Array {
  return createHmac('sha256', Buffer.from(payload, 'hex')).update('watchkeeper redaction placeholders').digest();
}

/** Identifies a public key: RFC 7638 would do as well; this is the content hash of its JWK, shortened. */
async function keyId(publicKey: GrantKey): Promise<string> {
  const { crv, kty, x } = await exportJWK(publicKey);
  return contentHash({ crv, kty, x }).slice(0, 16);
}

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: GrantKey;
  readonly publicKey: GrantKey;
}

/** The worker's key. Only an embedded installation makes one by itself. */
export async function grantSigningKey(configured: string | undefined, directory: string): Promise<SigningKey> {
  const kept = join(directory, 'grant.key');
  const made = configured === undefined && !existsSync(kept) ? (await generateGrantKeys()).privateKey : '';
  const privateKey = await importGrantPrivateKey(configured ?? keptSecret(directory, 'grant.key', () => made));
  const publicKey = await publicGrantKey(privateKey);
  return { kid: await keyId(publicKey), privateKey, publicKey };
}

const pemBlock = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

/** `GRANT_VERIFY_KEYS`: one or more SPKI PEM blocks, so that keys can be rotated. */
export async function grantVerifyKeys(configured: string): Promise<ReadonlyMap<string, GrantKey>> {
  const keys = await Promise.all((configured.match(pemBlock) ?? []).map(importGrantPublicKey));
  return new Map(await Promise.all(keys.map(async (key) => [await keyId(key), key] as const)));
}

function isEd25519(read: () => KeyObject): boolean {
  try {
    return read().asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

function privateKeyOf(configured: string): KeyObject {
  return configured.trimStart().startsWith('-----BEGIN')
    ? createPrivateKey(configured)
    : createPrivateKey({ key: JSON.parse(configured), format: 'jwk' });
}

/** Whether `GRANT_SIGNING_KEY` or `AUDIT_SIGNING_KEY` is an Ed25519 private key, as PKCS #8 PEM or as a JWK in JSON. */
export function isSigningKey(configured: string): boolean {
  return isEd25519(() => privateKeyOf(configured));
}

/** The key that signs the audit log's checkpoints. Only an embedded installation makes one by itself. Throws ConfigInvalid. */
export function auditSigningKey(configured: string | undefined, directory: string): KeyObject {
  const fresh = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const text = configured ?? keptSecret(directory, 'audit.key', fresh);
  if (!isSigningKey(text)) throw new ConfigInvalid(['AUDIT_SIGNING_KEY: must be an Ed25519 private key in PEM or as a JWK']);
  return privateKeyOf(text);
}

/** Whether `GRANT_VERIFY_KEYS` holds Ed25519 public keys only, and at least one. */
export function isGrantVerifyKeys(configured: string): boolean {
  const blocks = configured.match(pemBlock) ?? [];
  return blocks.length > 0 && blocks.every((block) => isEd25519(() => createPublicKey(block)));
}
