import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Api } from '../api/context.ts';
import type { Person } from '../config-file.ts';
import { createInvitations, type Invitations } from '../identity/invitations.ts';
import { createLinkedAccounts } from '../identity/linked-accounts.ts';
import { createLinkingDesk } from '../identity/linking.ts';
import { createSignIns } from '../identity/sign-ins.ts';
import { createIssuer } from '../oidc/issuer.ts';
import { createLogin } from '../oidc/login.ts';
import { OidcSettings } from '../oidc/settings.ts';
import { createDirectory, type Directory } from '../people.ts';
import { type Browser, createBrowser, type Seen, signIn } from '../sandbox/oidc/hands.ts';
import { type LocalOidc, startOidc } from '../sandbox/oidc/server.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { registerLinkPages } from './link.ts';

const oidc = OidcSettings.parse({});
const identity = { trustEmail: false };
const key = Buffer.alloc(32, 7);
const people: readonly Person[] = [
  { id: 'ann', name: 'Ann', roles: ['approver'], oidc: 'sub-ann' },
  { id: 'ben', name: 'Ben', roles: ['approver'], oidc: 'sub-ben', slack: { team: 'T1', user: 'UBEN' } },
];
const accounts = ['ann', 'ben', 'nobody'].map((name) => ({ subject: `sub-${name}`, name, email: `${name}@shop.example`, groups: [] }));

let dir: string;
let db: TestDatabase;
let issuer: LocalOidc;
let api: Api;
let directory: Directory;
let invitations: Invitations;
let clock: () => Date;
const now = () => clock();

/** Pages over the issuer at this address. */
async function pagesAt(name: string): Promise<Api> {
  const { pool } = db;
  const store = db.store({ now });
  const signIns = createSignIns({ pool, store, directory, issuer: name, oidc, identity });
  const place = { issuer: name, clientId: issuer.clientId, clientSecret: issuer.clientSecret };
  const login = createLogin({ issuer: createIssuer(place), name, groupsClaim: oidc.groupsClaim, log: silent });
  const desk = createLinkingDesk({ pool, store, directory, signIns });
  const app: Api = Fastify();
  await registerLinkPages(app, { desk, login, baseUrl: () => app.listeningOrigin, key, now, log: silent });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app;
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchkeeper-link-'));
  db = await createTestDatabase();
  clock = () => new Date();
  issuer = await startOidc({
    host: '127.0.0.1',
    port: 0,
    dataFile: join(dir, 'oidc.sqlite'),
    audience: oidc.audience,
    accounts,
    log: silent,
  });
  const linked = createLinkedAccounts({ pool: db.pool, issuer: issuer.issuer, oidc, identity, now });
  directory = createDirectory(people, { linked });
  api = await pagesAt(issuer.issuer);
  issuer.redirectTo(`${api.listeningOrigin}/auth/callback`);
  invitations = createInvitations({ pool: db.pool, store: db.store({ now }), baseUrl: () => api.listeningOrigin });
});
afterAll(async () => {
  await api.close();
  await issuer.close();
  await db.close();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  clock = () => new Date();
});

let users = 0;
/** A link for a Slack account that nobody has had before. */
async function invited(userName = 'Ann Ahn'): Promise<{ url: string; user: string }> {
  users += 1;
  const user = `UNEW${users}`;
  return { user, url: (await invitations.invite({ team: 'T1', user, teamName: 'Shop', userName })) ?? '' };
}

const walk = async (browser: Browser, url: string, account: string) =>
  signIn(browser, await browser.submit(await browser.open(url)), account);
const audited = async (kind: string) => (await db.store().audit.list({ kind }, 0, 200)).map(({ body }) => body.data);
const title = ({ text }: Seen) => /<h1>([^<]*)<\/h1>/.exec(text)?.[1];
const owner = async (user: string) => (await directory.of({ kind: 'slack', team: 'T1', user }))?.id ?? null;

describe('a link from Slack', () => {
  test('leads over a page and the sign-in to a known account', async () => {
    const { url, user } = await invited('Ann <Ahn>\u202e');
    const browser = createBrowser();
    const page = await browser.open(url);
    expect(title(page)).toBe('Is this your Slack account?');
    expect(page.text).toContain('Shop (T1)');
    expect(page.text).toContain(`Ann &lt;Ahn&gt; (${user})`);
    expect(page.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax$/);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-.+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    const choose = await browser.submit(page);
    expect(choose.text).toContain('who are you?');
    const done = await signIn(browser, choose, 'sub-ann');
    expect([done.status, title(done)]).toEqual([200, 'Done']);
    expect(await owner(user)).toBe('ann');
    expect((await audited('identity.linked')).at(-1)).toMatchObject({ account: user, person: 'ann', by: 'login' });
    expect(browser.cookies.has('watchkeeper_link')).toBe(false);
    const again = await browser.open(url);
    expect([again.status, title(again)]).toEqual([410, 'This link was used already']);
  });

  test('is refused, in words and in the audit log, when it is made up, replaced or too old', async () => {
    const browser = createBrowser();
    const made = await browser.open(`${api.listeningOrigin}/link/${'x'.repeat(43)}`);
    expect([made.status, title(made)]).toEqual([404, 'This link is not valid']);
    expect((await audited('identity.refused')).at(-1)).toMatchObject({ code: 'unknown_code', account: null });
    const { url, user } = await invited();
    const page = await browser.open(url);
    clock = () => new Date(Date.now() + 11 * 60_000);
    const posted = await browser.submit(page);
    expect([posted.status, title(posted)]).toEqual([410, 'This link is too old']);
    expect((await audited('identity.refused')).at(-1)).toMatchObject({ code: 'expired_code', account: user });
  });

  test.each([
    ['somebody whom nobody lists', 'sub-nobody', 403, 'Nobody here knows you yet', 'unknown_person'],
    ['somebody with another Slack account', 'sub-ben', 409, 'You have another Slack account here', 'other_account'],
  ])('is not for %s', async (_, account, status, words, code) => {
    const { url, user } = await invited();
    const seen = await walk(createBrowser(), url, account);
    expect([seen.status, title(seen)]).toEqual([status, words]);
    expect(await owner(user)).toBeNull();
    expect((await audited('identity.refused')).at(-1)).toMatchObject({ code, account: user, subject: account });
  });

  test('whose page another site submits goes nowhere', async () => {
    const { url, user } = await invited();
    const browser = createBrowser();
    const page = await browser.open(url);
    const headers = { cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const attempts: [string, RequestInit][] = [
      ['no cookie', { body: new URLSearchParams({ token }) }],
      ['no token', { headers }],
      ['another token', { headers, body: new URLSearchParams({ token: 'x'.repeat(43) }) }],
      ['another origin', { headers: { ...headers, origin: 'https://evil.example' }, body: new URLSearchParams({ token }) }],
      ['another site', { headers: { ...headers, 'sec-fetch-site': 'cross-site' }, body: new URLSearchParams({ token }) }],
    ];
    for (const [what, init] of attempts) {
      const response = await fetch(url, { method: 'POST', redirect: 'manual', ...init });
      expect([what, response.status]).toEqual([what, 400]);
      expect(await response.text()).not.toContain(issuer.issuer);
    }
    expect((await audited('identity.refused')).slice(-5).map(({ code, account }) => [code, account])).toEqual(
      attempts.map(() => ['other_browser', user]),
    );
  });

  test("whose cookie is another link's goes nowhere", async () => {
    const [one, other] = [await invited(), await invited()];
    const browser = createBrowser();
    const page = await browser.open(one.url);
    await browser.open(other.url);
    const seen = await browser.submit(page);
    expect([seen.status, title(seen)]).toEqual([400, 'This sign-in did not start here']);
    const own = await browser.open(one.url);
    const elsewhere = await browser.submit({ ...own, text: own.text.replace(new URL(one.url).pathname, new URL(other.url).pathname) });
    expect([elsewhere.status, title(elsewhere)]).toEqual([400, 'This sign-in did not start here']);
  });
});

describe('coming back from the sign-in', () => {
  /** As far as the issuer's answer, which the caller gets to open elsewhere. */
  async function answer() {
    const { url, user } = await invited();
    const browser = createBrowser(`${api.listeningOrigin}/auth/callback`);
    const back = await walk(browser, url, 'sub-ann');
    return { user, browser, back: back.url };
  }

  test('in another browser links nothing', async () => {
    const { back, user } = await answer();
    const seen = await createBrowser().open(back);
    expect([seen.status, title(seen)]).toEqual([400, 'This sign-in did not start here']);
    expect(await owner(user)).toBeNull();
    expect((await audited('identity.refused')).at(-1)).toMatchObject({ code: 'other_browser', account: null });
  });

  test('with another state, or with the answer of another sign-in, links nothing', async () => {
    const { back, browser, user } = await answer();
    const cookie = `watchkeeper_link=${browser.cookies.get('watchkeeper_link')}`;
    const open = async (change: Record<string, string>) => {
      const url = new URL(back);
      for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
      const response = await fetch(url, { headers: { cookie } });
      return response.status;
    };
    expect(await open({ state: 'made-up' })).toBe(400);
    expect((await audited('identity.refused')).at(-1)).toMatchObject({ code: 'other_browser', account: user });
    const second = await answer();
    // Its own state, and the code that the issuer gave for the other one's: PKCE does not fit.
    expect(await open({ code: new URL(second.back).searchParams.get('code') ?? '' })).toBe(400);
    expect((await audited('identity.refused')).at(-1)).toMatchObject({ code: 'not_signed_in', account: user });
    expect(await owner(user)).toBeNull();
  });

  test('after a refusal at the issuer says so, and the link still works', async () => {
    const { url, user } = await invited();
    const browser = createBrowser(issuer.issuer);
    const away = new URL((await browser.submit(await browser.open(url))).url);
    const no = new URL(`${api.listeningOrigin}/auth/callback`);
    no.search = new URLSearchParams({ error: 'access_denied', iss: issuer.issuer, state: away.searchParams.get('state') ?? '' }).toString();
    const seen = await browser.open(no.href);
    expect([seen.status, title(seen)]).toEqual([400, 'You are not signed in']);
    expect(title(await walk(createBrowser(), url, 'sub-nobody'))).toBe('Nobody here knows you yet');
    expect(await owner(user)).toBeNull();
  });

  test('twice links once', async () => {
    const { url } = await invited();
    const browser = createBrowser(`${api.listeningOrigin}/auth/callback`);
    const back = await walk(browser, url, 'sub-nobody');
    const cookie = `watchkeeper_link=${browser.cookies.get('watchkeeper_link')}`;
    const statuses = await Promise.all([1, 2, 3].map(async () => (await fetch(back.url, { headers: { cookie } })).status));
    expect(statuses.filter((status) => status === 403)).toHaveLength(1);
  });
});

test('an issuer that is away is said to be away', async () => {
  const away = await pagesAt('http://127.0.0.1:1');
  try {
    const { url } = await invited();
    const browser = createBrowser();
    const seen = await browser.submit(await browser.open(url.replace(api.listeningOrigin, away.listeningOrigin)));
    expect([seen.status, title(seen)]).toEqual([503, 'That did not work']);
    expect(seen.text).toContain('identity provider does not answer');
  } finally {
    await away.close();
  }
});

test('refusals that belong to nobody do not fill the audit log', async () => {
  clock = () => new Date('2030-01-01T00:00:00Z');
  const before = (await audited('identity.refused')).length;
  await Promise.all(Array.from({ length: 50 }, (_, i) => fetch(`${api.listeningOrigin}/link/${i}`)));
  expect((await audited('identity.refused')).length - before).toBe(30);
});
