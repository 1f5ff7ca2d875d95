import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import { GrantClaims, type ToolCall } from './contract.ts';
import type { GrantKey } from './grant-keys.ts';
import type { GrantVerdict, GrantVerifier } from './ports.ts';

/** Seconds by which the clocks of worker and runner may differ. */
const clockTolerance = 30;

/** Seconds that a grant may live. */
const maxLifetime = 300;

/** A compact JWS over the claims. Throws TypeError when they live too long. */
export async function signGrant(claims: GrantClaims, privateKey: GrantKey, kid: string): Promise<string> {
  if (!livesShortly(claims)) throw new TypeError('a grant lives 1 to 300 seconds');
  const payload = new TextEncoder().encode(JSON.stringify(GrantClaims.parse(claims)));
  return await new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', kid }).sign(privateKey);
}

/** Verifies with the public key that the header's `kid` names: several are known while keys are rotated. */
export function createGrantVerifier(keys: ReadonlyMap<string, GrantKey>): GrantVerifier {
  return { verify: (token, now) => verifyGrant(token, keys, now) };
}

export async function verifyGrant(token: string, keys: ReadonlyMap<string, GrantKey>, now: Date): Promise<GrantVerdict> {
  const key = keys.get(kidOf(token) ?? '');
  if (key === undefined) return invalid('signed by an unknown key');
  const payload = await signedPayload(token, key);
  if (payload === null) return invalid('signature is wrong');
  const claims = GrantClaims.safeParse(payload);
  if (!claims.success) return invalid('claims are malformed');
  const seconds = now.getTime() / 1000;
  if (!livesShortly(claims.data)) return invalid('lives longer than 300 seconds');
  if (seconds < claims.data.iat - clockTolerance) return invalid('not valid yet');
  if (seconds >= claims.data.exp + clockTolerance) return invalid('expired');
  return { kind: 'valid', claims: claims.data };
}

/** Why a grant is not for this call; null when it is. `inputSha256` is the content hash of the call's input. */
export function mismatch(claims: GrantClaims, call: Pick<ToolCall, 'operation' | 'site'>, inputSha256: string): string | null {
  if (claims.operation !== call.operation) return 'is for another operation';
  if (claims.site !== call.site) return 'is for another site';
  if (claims.inputSha256 !== inputSha256) return 'is for another input';
  return null;
}

function livesShortly({ iat, exp }: GrantClaims): boolean {
  return exp > iat && exp - iat <= maxLifetime;
}

function invalid(reason: string): GrantVerdict {
  return { kind: 'invalid', reason };
}

function kidOf(token: string): string | null {
  try {
    return decodeProtectedHeader(token).kid ?? null;
  } catch {
    return null;
  }
}

async function signedPayload(token: string, key: GrantKey): Promise<unknown> {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: ['EdDSA'] });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return null;
  }
}
