import fc from 'fast-check';
import { CompactSign } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GrantClaims } from './contract.ts';
import { clockTolerance, maxLifetime, mismatch, signGrant, statedGrantId, verifyGrant } from './grant.ts';
import { type GrantKey, generateGrantKeys, importGrantPrivateKey, importGrantPublicKey, publicGrantKey } from './grant-keys.ts';
import { grantClaims } from './testing/grants.ts';

const iat = 1_800_000_000;
const claims = grantClaims({ iat, exp: iat + 120 });

function at(seconds: number): Date {
  return new Date(seconds * 1000);
}

describe('grants', () => {
  let privateKey: GrantKey;
  let publicKey: GrantKey;
  let token: string;
  beforeAll(async () => {
    privateKey = await importGrantPrivateKey((await generateGrantKeys()).privateKey);
    publicKey = await publicGrantKey(privateKey);
    token = await signGrant(claims, privateKey, 'key-1');
  });

  const verify = (now: number, of = token, keys = new Map([['key-1', publicKey]])): ReturnType<typeof verifyGrant> =>
    verifyGrant(of, keys, at(now));

  it('are valid for their time, and 30 seconds around it', async () => {
    for (const now of [iat - 29, iat, iat + 119, iat + 149]) expect(await verify(now)).toEqual({ kind: 'valid', claims });
    expect(await verify(iat - 31)).toEqual({ kind: 'invalid', code: 'not_yet_valid' });
    expect(await verify(iat + 150)).toEqual({ kind: 'invalid', code: 'expired' });
  });

  it('are valid from 30 seconds before they are issued until 30 seconds after they end, for every lifetime, to the millisecond', async () => {
    const seconds = fc.integer({ min: 1, max: maxLifetime });
    const edge = fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -400_000, max: 400_000 }));
    await fc.assert(
      fc.asyncProperty(seconds, fc.boolean(), edge, async (lifetime, atEnd, awayMs) => {
        const exp = iat + lifetime;
        const grant = await signGrant({ ...claims, exp }, privateKey, 'key-1');
        const bound = atEnd ? exp + clockTolerance : iat - clockTolerance;
        const nowMs = bound * 1_000 + awayMs;
        const verdict = await verifyGrant(grant, new Map([['key-1', publicKey]]), new Date(nowMs));
        const early = nowMs < (iat - clockTolerance) * 1_000;
        const late = nowMs >= (exp + clockTolerance) * 1_000;
        expect(verdict.kind === 'valid' ? 'valid' : verdict.code).toBe(early ? 'not_yet_valid' : late ? 'expired' : 'valid');
      }),
    );
  });

  it('are accepted from every known key while keys are rotated', async () => {
    const other = await importGrantPrivateKey((await generateGrantKeys()).privateKey);
    const keys = new Map([
      ['key-1', publicKey],
      ['key-2', await publicGrantKey(other)],
    ]);
    expect((await verify(iat, await signGrant(claims, other, 'key-2'), keys)).kind).toBe('valid');
    expect((await verify(iat, token, keys)).kind).toBe('valid');
    expect((await verify(iat, await signGrant(claims, other, 'key-1'), keys)).kind).toBe('invalid');
    expect((await verify(iat, await signGrant(claims, other, 'key-3'), keys)).kind).toBe('invalid');
  });

  it('are not signed for longer than 300 seconds, nor believed if they are', async () => {
    const long = { ...claims, exp: iat + 301 };
    await expect(signGrant(long, privateKey, 'key-1')).rejects.toThrow('300');
    expect(await verify(iat, await sign(long, privateKey))).toEqual({ kind: 'invalid', code: 'too_long' });
  });

  it('are refused when any character is changed', async () => {
    const [header, payload, signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, operation: 'kubernetes.scale' })).toString('base64url');
    expect((await verify(iat, `${header}.${forged}.${signature}`)).kind).toBe('invalid');
    expect((await verify(iat, `${header}.${payload}.`)).kind).toBe('invalid');
    expect((await verify(iat, `${Buffer.from('{"alg":"none","kid":"key-1"}').toString('base64url')}.${payload}.`)).kind).toBe('invalid');
    for (const nonsense of ['', 'a.b.c', '...', '{}']) expect((await verify(iat, nonsense)).kind).toBe('invalid');
  });

  it('are refused without all claims', async () => {
    const { requestHash: _left, ...partial } = claims;
    expect(await verify(iat, await sign(partial, privateKey))).toEqual({ kind: 'invalid', code: 'malformed' });
  });

  it('say their id without proof, and nonsense says none', () => {
    expect(statedGrantId(token)).toBe('grant-1');
    for (const nonsense of ['', 'a.b.c', `x.${Buffer.from('{"jti":7}').toString('base64url')}.y`])
      expect(statedGrantId(nonsense)).toBeNull();
  });

  it('are for one operation, one site, one input', () => {
    const call = { operation: claims.operation, site: claims.site };
    expect(mismatch(claims, call, claims.inputSha256)).toBeNull();
    expect(mismatch(claims, { ...call, operation: 'kubernetes.scale' }, claims.inputSha256)).toBe('other_operation');
    expect(mismatch(claims, { ...call, site: 'elsewhere' }, claims.inputSha256)).toBe('other_site');
    expect(mismatch(claims, call, 'b'.repeat(64))).toBe('other_input');
  });
});

describe('grant keys', () => {
  it('are read from PEM and from JWK, and not in place of each other', async () => {
    const pair = await generateGrantKeys();
    const privateKey = await importGrantPrivateKey(pair.privateKey);
    const jwk = JSON.stringify(await crypto.subtle.exportKey('jwk', privateKey));
    const token = await signGrant(claims, await importGrantPrivateKey(jwk), 'key-1');
    expect((await verifyGrant(token, new Map([['key-1', await importGrantPublicKey(pair.publicKey)]]), at(iat))).kind).toBe('valid');
    await expect(importGrantPublicKey(jwk)).rejects.toThrow('not a public');
    await expect(importGrantPrivateKey(pair.publicKey)).rejects.toThrow();
    await expect(importGrantPublicKey('{"kty":"OKP","crv":"X25519","x":"AAAA"}')).rejects.toThrow('Ed25519');
  });
});

async function sign(payload: Partial<GrantClaims>, key: GrantKey): Promise<string> {
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', kid: 'key-1' })
    .sign(key);
}
