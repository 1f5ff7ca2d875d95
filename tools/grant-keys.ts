import { type CryptoKey, exportJWK, exportPKCS8, exportSPKI, generateKeyPair, importJWK, importPKCS8, importSPKI, type JWK } from 'jose';

export type GrantKey = CryptoKey;

/** Text forms for configuration: PEM (PKCS #8 and SPKI). */
export interface GrantKeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

export async function generateGrantKeys(): Promise<GrantKeyPair> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return { privateKey: await exportPKCS8(privateKey), publicKey: await exportSPKI(publicKey) };
}

/** An Ed25519 private key, as PKCS #8 PEM or as a JWK in JSON. Throws when it is neither. */
export async function importGrantPrivateKey(text: string): Promise<GrantKey> {
  return isPem(text) ? await importPKCS8(text, 'EdDSA', { extractable: true }) : await importJwk(text, true);
}

/** An Ed25519 public key, as SPKI PEM or as a JWK in JSON. Throws when it is neither. */
export async function importGrantPublicKey(text: string): Promise<GrantKey> {
  return isPem(text) ? await importSPKI(text, 'EdDSA', { extractable: true }) : await importJwk(text, false);
}

/** The public half of a private key, e.g. for a runner in the same process. */
export async function publicGrantKey(privateKey: GrantKey): Promise<GrantKey> {
  const { d: _secret, ...jwk } = await exportJWK(privateKey);
  return await importJwk(JSON.stringify(jwk), false);
}

function isPem(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN');
}

async function importJwk(text: string, isPrivate: boolean): Promise<GrantKey> {
  const jwk = JSON.parse(text) as JWK;
  if (jwk.crv !== 'Ed25519' || (jwk.d !== undefined) !== isPrivate)
    throw new TypeError(`not a ${isPrivate ? 'private' : 'public'} Ed25519 key`);
  const key = await importJWK(jwk, 'EdDSA', { extractable: true });
  if (key instanceof Uint8Array) throw new TypeError('not an Ed25519 key');
  return key;
}
