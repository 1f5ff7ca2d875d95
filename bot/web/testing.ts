import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { createRates, RateSettings } from '../api/conduct/rate.ts';
import { createTestApi, type TestApi } from '../api/testing.ts';
import { createBreakGlass } from '../approvals/break-glass.ts';
import { createReview } from '../approvals/break-glass-review.ts';
import { createVotes } from '../approvals/votes.ts';
import { ConfigFile, type Person } from '../config-file.ts';
import { createLinkedAccounts } from '../identity/linked-accounts.ts';
import { createLinkingDesk } from '../identity/linking.ts';
import { createSignIns } from '../identity/sign-ins.ts';
import { createIssuer } from '../oidc/issuer.ts';
import { createLogin } from '../oidc/login.ts';
import { OidcSettings } from '../oidc/settings.ts';
import { createDirectory } from '../people.ts';
import { createBrowser, type Seen, signIn } from '../sandbox/oidc/hands.ts';
import { startOidc } from '../sandbox/oidc/server.ts';
import { silent, testRedactor } from '../store/testing.ts';
import { pageNotFound, registerPages } from './index.ts';
import { registerLinkPages } from './link.ts';
import { createTickets } from './tickets.ts';

/** A browser with somebody before it. */
export interface Hand {
  readonly cookies: Map<string, string>;
  /** Signs in on the way, where that is asked for. */
  open(path: string): Promise<Seen>;
  /** Sends a form of ours, without following what it answers. The token is that of the page at `from`, unless `fields` has one. */
  send(path: string, from: string, fields: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export interface TestPages {
  readonly api: TestApi;
  readonly url: string;
  /** Milliseconds by which the pages' clock is ahead. */
  ahead: number;
  hand(account: string): Hand;
  close(): Promise<void>;
}

const oidc = OidcSettings.parse({});
const identity = { trustEmail: false };
const key = Buffer.alloc(32, 7);

/** The pages on a database of their own, with a real identity provider in which these people have accounts (`sub-<id>`), and `nobody`. */
export async function startTestPages(people: readonly Person[], limits: Partial<RateSettings> = {}): Promise<TestPages> {
  const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-pages-'));
  const accounts = [...people.map(({ id }) => id), 'nobody'].map((id) => ({
    subject: `sub-${id}`,
    name: id,
    email: `${id}@shop.example`,
    groups: [],
  }));
  const issuer = await startOidc({
    host: '127.0.0.1',
    port: 0,
    dataFile: join(dir, 'oidc.sqlite'),
    audience: oidc.audience,
    accounts,
    log: silent,
  });
  const name = issuer.issuer;
  const tickets = createTickets();
  const rates = createRates(RateSettings.parse(limits));
  const state = { ahead: 0 };
  const now = () => new Date(Date.now() + state.ahead);
  const directoryOf = (pool: TestApi['db']['pool']) =>
    createDirectory(people, { linked: createLinkedAccounts({ pool, issuer: name, oidc, identity, now }) });
  const api = await createTestApi(async ({ pool }, store) => {
    const approvals = { pool, store, policy: await loadCommittedPolicy(), directory: directoryOf(pool) };
    const settings = { roles: ['approver' as const], maxMinutes: 60 };
    return {
      authenticate: tickets.accept(() => Promise.reject(new Error('these tests have no other way in'))),
      votes: createVotes(approvals),
      breakGlass: { ...createBreakGlass({ ...approvals, settings }), ...createReview({ ...approvals, settings }) },
      notFound: pageNotFound,
      rates,
    };
  });
  const { pool } = api.db;
  const { store } = api;
  const directory = directoryOf(pool);
  const signIns = createSignIns({ pool, store, directory, issuer: name, oidc, identity });
  const login = createLogin({ issuer: createIssuer(issuer), name, groupsClaim: oidc.groupsClaim, log: silent });
  const desk = createLinkingDesk({ pool, store, directory, signIns });
  const baseUrl = () => api.api.listeningOrigin;
  const policy = await loadCommittedPolicy();
  const take = await registerPages(api.api, {
    pool,
    store,
    choices: createVotes({ pool, store, policy, directory }),
    breakGlass: { roles: ['approver'], maxMinutes: 60 },
    directory,
    file: ConfigFile.parse({
      redaction: { extraSecrets: ['hunter2'] },
      audit: { checkpoints: { http: { url: 'https://logs.shop.example/hooks/made-up-token' } } },
    }),
    redact: testRedactor,
    health: async () => [{ name: 'shop', environment: 'production', systems: ['Kubernetes'], runners: 1, lastSeen: null }],
    key,
    now,
    identity: { issuer: name, login, signIns },
    tickets,
    rates,
    baseUrl,
    log: silent,
  });
  await registerLinkPages(api.api, { desk, login, baseUrl, key, now, log: silent }, take ?? undefined);
  await api.api.listen({ host: '127.0.0.1', port: 0 });
  const url = baseUrl();
  issuer.redirectTo(new URL('/auth/callback', url).href);

  function hand(account: string): Hand {
    const browser = createBrowser();
    const cookie = () => [...browser.cookies].map(([each, value]) => `${each}=${value}`).join('; ');
    return {
      cookies: browser.cookies,
      async open(path) {
        const seen = await browser.open(new URL(path, url).href);
        const go = /href="(\/login\/go[^"]*)"/.exec(seen.text)?.[1];
        if (go === undefined) return seen;
        return signIn(browser, await browser.open(new URL(go.replaceAll('&amp;', '&'), url).href), `sub-${account}`);
      },
      async send(path, from, fields, headers = {}) {
        const { text } = await browser.open(new URL(from, url).href);
        const token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
        const body = new URLSearchParams({ token, ...fields });
        const response = await fetch(new URL(path, url), {
          method: 'POST',
          redirect: 'manual',
          body,
          headers: { cookie: cookie(), origin: url, ...headers },
        });
        for (const line of response.headers.getSetCookie()) {
          const [, each = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (/max-age=0/i.test(line)) browser.cookies.delete(each);
          else browser.cookies.set(each, value);
        }
        return response;
      },
    };
  }

  return {
    api,
    url,
    hand,
    get ahead() {
      return state.ahead;
    },
    set ahead(ms: number) {
      state.ahead = ms;
    },
    async close() {
      await api.close();
      await issuer.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** One of each role, and two who may approve. */
export const people: readonly Person[] = [
  { id: 'ann', name: 'Ann', roles: ['responder', 'approver'], oidc: 'sub-ann' },
  { id: 'ben', name: 'Ben', roles: ['responder', 'approver'], oidc: 'sub-ben' },
  { id: 'eve', name: 'Eve', roles: ['admin'], oidc: 'sub-eve' },
  { id: 'vic', name: 'Vic', roles: ['viewer'], oidc: 'sub-vic' },
];

/** As a browser sends them. */
export const cookieOf = (hand: Hand) => [...hand.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
