import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentHash } from '../../tools/canonical.ts';
import type { Person } from '../config-file.ts';
import { OidcSettings } from '../oidc/settings.ts';
import { signInAtCommandLine } from '../sandbox/oidc/hands.ts';
import { type LocalOidc, startOidc } from '../sandbox/oidc/server.ts';
import { openDocuments } from '../sandbox/peer/database.ts';
import { alice, decisionOf, newIncident, observationOf, planOf } from '../store/fixtures.ts';
import { silent } from '../store/testing.ts';
import { createTestApi, type TestApi } from './testing.ts';
import { withPeople } from './testing-people.ts';

const settings = OidcSettings.parse({ roles: { sre: ['approver'] } });
const { audience } = settings;
const people: readonly Person[] = [
  { id: 'rita', name: 'Rita', roles: ['responder', 'approver'], oidc: 'sub-rita' },
  { id: 'ann', name: 'Ann', roles: ['approver'], oidc: 'sub-ann' },
  { id: 'ben', name: 'Ben', roles: ['viewer'], oidc: 'sub-ben' },
  { id: 'vic', name: 'Vic', roles: ['viewer'], oidc: 'sub-vic' },
  { id: 'dave', name: 'Dave', roles: ['admin'], oidc: 'sub-dave' },
];
const accounts = [...people.map(({ oidc = '', name }) => ({ subject: oidc, name })), { subject: 'sub-nobody', name: 'Nobody' }].map(
  (each) => ({
    ...each,
    email: `${each.name.toLowerCase()}@shop.example`,
    groups: each.name === 'Ben' ? ['sre'] : [],
  }),
);

let directory: string;
let issuer: LocalOidc;
let t: TestApi;
let signingKey: Awaited<ReturnType<typeof importJWK>>;

const apiOn = (name: string, change: Partial<OidcSettings> = {}) =>
  createTestApi(withPeople({ ...issuer, issuer: name }, people, { ...settings, ...change }));

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-person-'));
  const dataFile = join(directory, 'oidc.sqlite');
  issuer = await startOidc({ host: '127.0.0.1', port: 0, dataFile, audience, accounts, log: silent });
  const documents = openDocuments(dataFile);
  signingKey = await importJWK(documents.get<{ jwk: Parameters<typeof importJWK>[0] }>('kept', 'signing_key')?.jwk ?? {}, 'RS256');
  documents.close();
  t = await apiOn(issuer.issuer);
});
afterAll(async () => {
  await t.close();
  await issuer.close();
  rmSync(directory, { recursive: true });
});

const tokensOf = async (person: string) => (await signInAtCommandLine(issuer, audience, `sub-${person}`)).tokens;
const tokenOf = async (person: string) => (await tokensOf(person)).access_token;
const get = (token: string, url = '/v1/incidents') => t.call('GET', url, { token });

test('/v1/auth says where people sign in, to whoever has no token yet', async () => {
  const answer = await t.call('GET', '/v1/auth');
  expect(answer.json()).toEqual({ issuer: issuer.issuer, clientId: 'watchkeeper-cli', audience, scopes: settings.scopes });
  const without = await createTestApi();
  expect((await without.call('GET', '/v1/auth')).json()).toMatchObject({ status: 404, code: 'no_sign_in' });
  await without.close();
});

describe('an access token', () => {
  test.each([
    ['vic', [200, 403, 403]],
    ['rita', [200, 400, 403]],
    ['ann', [200, 400, 403]],
    ['dave', [200, 400, 200]],
    // An approver by the group that the issuer lists.
    ['ben', [200, 400, 403]],
  ])('opens to %s what their roles allow', async (person, statuses) => {
    const token = await tokenOf(person);
    const answers = await Promise.all([
      get(token),
      t.call('POST', '/v1/incidents', { token, body: {} }),
      t.call('GET', '/v1/service-tokens', { token }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(statuses);
  });

  test('of a person whom nobody lists is 403, with words that say who has to add them', async () => {
    const answer = await get(await tokenOf('nobody'));
    expect(answer.json()).toMatchObject({ status: 403, code: 'unknown_person', detail: expect.stringContaining('oidc: sub-nobody') });
    expect(answer.json().detail).toMatch(/administrator/);
  });

  test('names its person as the requester', async () => {
    const answer = await t.call('POST', '/v1/incidents', { token: await tokenOf('rita'), body: { title: 'checkout fails' } });
    expect([answer.statusCode, answer.json().requester]).toEqual([201, 'rita']);
  });
});

const now = () => Math.floor(Date.now() / 1_000);
const good = (): JWTPayload => ({ iss: issuer.issuer, aud: audience, sub: 'sub-ann', iat: now(), exp: now() + 60 });
async function signed(change: JWTPayload, header: object = {}, key: KeyObject | typeof signingKey = signingKey): Promise<string> {
  const { kid } = decodeProtectedHeader(await tokenOf('ann'));
  return new SignJWT({ ...good(), ...change }).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: kid ?? '', ...header }).sign(key);
}
const otherKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
async function publicPem(): Promise<Buffer> {
  const { keys } = (await (await fetch(`${issuer.issuer}/jwks`)).json()) as { keys: JsonWebKey[] };
  return Buffer.from(createPublicKey({ key: keys[0] ?? {}, format: 'jwk' }).export({ type: 'spki', format: 'pem' }));
}

describe('refused with 401 and the challenge for a token that does not hold:', () => {
  const cases: Readonly<Record<string, () => Promise<string>>> = {
    'no token': async () => 'nothing',
    'three parts of nothing': async () => 'a.b.c',
    'an ID token': async () => (await tokensOf('ann')).id_token ?? '',
    'an ID token that calls itself an access token': async () => signed({ nonce: 'n', at_hash: 'x' }),
    'alg none': async () => new UnsecuredJWT(good()).encode(),
    'alg none, said in capitals': async () =>
      `${Buffer.from('{"alg":"NONE","typ":"at+jwt"}').toString('base64url')}.${(await signed({})).split('.')[1]}.x`,
    'HS256 with the public key as the secret': async () =>
      new SignJWT(good()).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(await publicPem()),
    'another issuer': () => signed({ iss: 'https://elsewhere.example' }),
    'another audience': () => signed({ aud: 'urn:elsewhere' }),
    'the audience of a client': () => signed({ aud: issuer.clientId }),
    'an unknown key': () => signed({}, { kid: 'unknown' }),
    'the right key id and another key': () => signed({}, {}, otherKey()),
    'a key of its own in the header': async () => signed({}, { kid: undefined, jwk: { kty: 'RSA' } }, otherKey()),
    'an expired one': () => signed({ exp: now() - 10 }),
    'one that is not valid yet': () => signed({ nbf: now() + 60 }),
    'one without an expiry': () => signed({ exp: undefined as never }),
    'one without a subject': () => signed({ sub: undefined as never }),
    'an empty subject': () => signed({ sub: '' }),
    'another type': () => signed({}, { typ: 'JWT' }),
    'no type': () => signed({}, { typ: undefined }),
    'an extension that must be understood': async () =>
      new SignJWT(good()).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', crit: ['x'], x: 1 }).sign(signingKey, { crit: { x: true } }),
    'a changed payload': async () => {
      const [header, , signature] = (await signed({})).split('.');
      return [header, Buffer.from(JSON.stringify({ ...good(), sub: 'sub-dave' })).toString('base64url'), signature].join('.');
    },
    'an opaque token of the issuer': async () => 'V2VsY29tZQ',
  };
  test.each(Object.entries(cases))('%s', async (_, make) => {
    const token = await make();
    const answer = await get(token);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="watchkeeper", error="invalid_token"');
    expect(answer.json()).toMatchObject({ code: 'unauthorized' });
    expect(answer.body).not.toContain(token);
  });

  test('and a good one of the same make is taken', async () => {
    expect((await get(await signed({}))).statusCode).toBe(200);
    expect((await get(await signed({ exp: now() - 3 }))).statusCode).toBe(200);
    expect((await get(await signed({ aud: ['urn:elsewhere', audience] }))).statusCode).toBe(200);
  });

  test('a refresh token and an authorization code are no access tokens', async () => {
    expect((await get((await tokensOf('ann')).refresh_token ?? '')).statusCode).toBe(401);
  });
});

test('where access tokens say JWT, an ID token is still none', async () => {
  const other = await apiOn(issuer.issuer, { tokenType: 'JWT' });
  const status = async (token: string) => (await other.call('GET', '/v1/incidents', { token })).statusCode;
  try {
    expect(await status(await signed({}, { typ: 'JWT' }))).toBe(200);
    expect(await status(await signed({ nonce: 'n' }, { typ: 'JWT' }))).toBe(401);
    expect(await status((await tokensOf('ann')).id_token ?? '')).toBe(401);
    expect(await status(await tokenOf('ann'))).toBe(401);
  } finally {
    await other.close();
  }
});

test('an issuer that is away is 503, not 401; what is no token stays 401, and service tokens work', async () => {
  const token = await tokenOf('ann');
  const away = await apiOn('http://127.0.0.1:1');
  try {
    const answer = await away.call('GET', '/v1/incidents', { token });
    expect(answer.json()).toMatchObject({ status: 503, code: 'issuer_unavailable' });
    expect(answer.headers['retry-after']).toBe('5');
    expect((await away.call('GET', '/v1/incidents', { token: 'nothing' })).statusCode).toBe(401);
    expect((await away.call('GET', '/v1/incidents', { token: new UnsecuredJWT(good()).encode() })).statusCode).toBe(401);
    expect((await away.call('GET', '/v1/incidents', { token: away.admin })).statusCode).toBe(200);
  } finally {
    await away.close();
  }
});

describe('votes over the API', () => {
  async function pending() {
    const { incident } = await t.store.incidents.open(newIncident({ requester: 'rita' }), alice);
    const need = { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] };
    const plan = planOf(incident.id, await t.store.observations.put(observationOf(incident.id)), { tier: 'high', approval: need });
    await t.store.plans.save(plan, contentHash(plan), decisionOf(plan));
    return { id: plan.id, requestHash: contentHash(plan) };
  }
  const vote = (on: { id: string; requestHash: string }, token: string, headers = {}) =>
    t.call('POST', `/v1/plans/${on.id}/votes`, { token, headers, body: { verdict: 'approve', requestHash: on.requestHash } });

  test('of two people approve; the channel is where they came from', async () => {
    const on = await pending();
    const first = await vote(on, await tokenOf('ann'));
    expect(first.json()).toMatchObject({ kind: 'recorded', person: 'ann', approvals: 1, needed: 2, decided: null });
    expect((await vote(on, await tokenOf('ann'))).json()).toEqual({ kind: 'repeated', person: 'ann' });
    const second = await vote(on, await tokenOf('ben'), { 'user-agent': 'watchkeeper-cli/0.1.0' });
    expect(second.json()).toMatchObject({ kind: 'recorded', person: 'ben', approvals: 2, decided: 'approved' });
    const { state, votes } = await t.store.plans.get(on.id);
    expect([state, votes.map(({ person, channel }) => [person, channel])]).toEqual([
      'approved',
      [
        ['ann', 'api'],
        ['ben', 'cli'],
      ],
    ]);
  });

  test('of the requester, of people without the role, and of service tokens are refused', async () => {
    const on = await pending();
    const answers = await Promise.all([
      vote(on, await tokenOf('rita')),
      vote(on, await tokenOf('vic')),
      vote(on, await tokenOf('dave')),
      vote(on, t.admin),
    ]);
    expect(answers.map((answer) => answer.json().code)).toEqual(Array.from({ length: 4 }, () => 'not_allowed'));
    expect((await t.store.plans.get(on.id)).votes).toEqual([]);
  });

  test('of somebody whom nobody lists do not get that far', async () => {
    expect((await vote(await pending(), await tokenOf('nobody'))).json()).toMatchObject({ status: 403, code: 'unknown_person' });
  });
});

test('no token of a person reaches the log', async () => {
  const token = await tokenOf('ann');
  await get(token);
  expect(decodeJwt(token).sub).toBe('sub-ann');
  expect(t.controls.logged.join('')).not.toContain(token.split('.')[1]);
});
