import { CompactSign, compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import { GrantClaims, type ToolCall } from './contract.ts';
import type { GrantKey } from './grant-keys.ts';
import type { GrantRefusalCode } from './grant-refusal.ts';
import type { GrantVerdict, GrantVerifier } from './ports.ts';

/** Seconds by which the clocks of worker and runner may differ. */
export const clockTolerance = 30;

/** Seconds that a grant may live. */
export const maxLifetime = 300;

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
  if (key === undefined) return invalid('unknown_key');
  const payload = await signedPayload(token, key);
  if (payload === null) return invalid('bad_signature');
  const claims = GrantClaims.safeParse(payload);
  if (!claims.success) return invalid('malformed');
  const seconds = now.getTime() / 1000;
  if (!livesShortly(claims.data)) return invalid('too_long');
  if (seconds < claims.data.iat - clockTolerance) return invalid('not_yet_valid');
  if (seconds >= claims.data.exp + clockTolerance) return invalid('expired');
  return { kind: 'valid', claims: claims.data };
}

/** Why a grant is not for this call; null when it is. `inputSha256` is the content hash of the call's input. */
export function mismatch(claims: GrantClaims, call: Pick<ToolCall, 'operation' | 'site'>, inputSha256: string): GrantRefusalCode | null {
  if (claims.operation !== call.operation) return 'other_operation';
  if (claims.site !== call.site) return 'other_site';
  if (claims.inputSha256 !== inputSha256) return 'other_input';
  return null;
}

function livesShortly({ iat, exp }: GrantClaims): boolean {
  return exp > iat && exp - iat <= maxLifetime;
}

function invalid(code: GrantRefusalCode): GrantVerdict {
  return { kind: 'invalid', code };
}

/** What the grant says of itself, unproved: for the record of a refusal. */
export function statedGrantId(token: string): string | null {
  try {
    const claims: unknown = decodeJwt(token);
    const jti = typeof claims === 'object' && claims !== null && 'jti' in claims ? claims.jti : null;
    return typeof jti === 'string' && jti !== '' ? jti.slice(0, 200) : null;
  } catch {
    return null;
  }
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
