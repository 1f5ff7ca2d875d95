import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, type JWK } from 'jose';
import type { Documents } from '../peer/database.ts';

/** The signing key, made once and kept: a token stays valid over a restart. */
export async function keptSigningKey(documents: Documents): Promise<JWK> {
  const kept = documents.get<{ jwk: JWK }>('kept', 'signing_key');
  if (kept !== undefined) return kept.jwk;
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID(), use: 'sig', alg: 'RS256' };
  documents.put('kept', 'signing_key', null, { jwk });
  return jwk;
}
