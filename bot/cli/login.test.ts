import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestApi, type TestApi } from '../api/testing.ts';
import { withPeople } from '../api/testing-people.ts';
import type { Person } from '../config-file.ts';
import { OidcSettings } from '../oidc/settings.ts';
import { createBrowser, signIn } from '../sandbox/oidc/hands.ts';
import { type LocalOidc, startOidc } from '../sandbox/oidc/server.ts';
import { seed } from '../store/fixtures.ts';
import { silent } from '../store/testing.ts';
import { runCli } from './program.ts';

const settings = OidcSettings.parse({});
const people: readonly Person[] = [{ id: 'ann', name: 'Ann', roles: ['approver'], oidc: 'sub-ann' }];
const accounts = ['ann', 'nobody'].map((name) => ({ subject: `sub-${name}`, name, email: `${name}@shop.example`, groups: [] }));

let directory: string;
let home: string;
let issuer: LocalOidc;
let t: TestApi;
let url: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-login-'));
  const dataFile = join(directory, 'oidc.sqlite');
  issuer = await startOidc({ host: '127.0.0.1', port: 0, dataFile, audience: settings.audience, accounts, log: silent });
  t = await createTestApi(withPeople(issuer, people, settings));
  url = await t.api.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await t.close();
  await issuer.close();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  home = mkdtempSync(join(directory, 'home-'));
});

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs a command; `onNote` is told each line as it comes, and may do what a person would. */
async function run(
  argv: readonly string[],
  onNote: (line: string) => unknown = () => {},
  variables: Record<string, string> = {},
): Promise<Ran> {
  const out: string[] = [];
  const notes: string[] = [];
  const note = (line: string) => {
    notes.push(line);
    onNote(line);
  };
  const status = await runCli(
    argv,
    { line: (line) => out.push(line), note },
    { WATCHKEEPER_URL: url, XDG_CONFIG_HOME: home, ...variables },
  );
  return { status, out: out.join('\n'), notes: notes.join('\n') };
}

const sessionFile = () => join(home, 'watchkeeper', 'session.json');
const kept = () => JSON.parse(readFileSync(sessionFile(), 'utf8')).sessions[new URL(url).origin];
const keep = (change: object) => {
  const sessions = { [new URL(url).origin]: { ...kept(), ...change } };
  writeFileSync(sessionFile(), JSON.stringify({ version: 1, sessions }));
};

/** A person with a browser on this machine. */
const inBrowser = (account: string) => async (line: string) => {
  const address = /^http:\S+$/m.exec(line)?.[0];
  if (address === undefined) return;
  const browser = createBrowser();
  await signIn(browser, await browser.open(address), account);
};

/** A person with another device. */
const onDevice = (account: string) => async (line: string) => {
  const [, address = '', code = ''] = /^Open (\S+) .* code: (\S+)$/.exec(line) ?? [];
  const browser = createBrowser();
  const asked = await browser.submit(await browser.open(address), { user_code: code });
  await signIn(browser, await browser.submit(asked), account);
};

const login = (account: string) => run(['login'], inBrowser(account));

describe('login', () => {
  test('by a browser on this machine: what is asked afterwards counts as the person', async () => {
    const { plan } = await seed(t.store);
    expect(await login('sub-ann')).toMatchObject({ status: 0, out: `Signed in at ${new URL(url).origin} as sub-ann.` });
    expect((statSync(sessionFile()).mode & 0o777).toString(8)).toBe('600');
    expect(await run(['approve', plan.id])).toMatchObject({ status: 0, out: expect.stringContaining('Recorded for ann: 1 of 1') });
    expect((await t.store.plans.get(plan.id)).votes).toMatchObject([{ person: 'ann', channel: 'cli' }]);
  });

  test('by a code on another device', async () => {
    const ran = await run(['login', '--no-browser', '--json'], onDevice('sub-ann'));
    expect(JSON.parse(ran.out)).toEqual({ server: new URL(url).origin, issuer: issuer.issuer, subject: 'sub-ann' });
    expect((await run(['incidents'])).status).toBe(0);
  }, 20_000);

  test('of somebody whom nobody lists says who has to add them, and keeps nothing', async () => {
    expect(await login('sub-nobody')).toMatchObject({ status: 1, notes: expect.stringMatching(/administrator.*oidc: sub-nobody/) });
    expect((await run(['incidents'])).notes).toContain('watchkeeper login');
  });

  test('shows no token', async () => {
    const { out, notes } = await login('sub-ann');
    const { accessToken, refreshToken } = kept();
    for (const secret of [accessToken, refreshToken]) expect(out + notes).not.toContain(secret);
  });

  test('at a server without sign-in says so', async () => {
    const plain = await createTestApi();
    const address = await plain.api.listen({ host: '127.0.0.1', port: 0 });
    expect(await run(['login'], () => {}, { WATCHKEEPER_URL: address })).toMatchObject({
      status: 1,
      notes: expect.stringContaining('OIDC_ISSUER'),
    });
    await plain.close();
  });
});

describe('a session', () => {
  test('that has expired is renewed by one process of many', async () => {
    await login('sub-ann');
    keep({ expiresAt: Date.now() - 1 });
    const asked = vi.spyOn(globalThis, 'fetch');
    const ran = await Promise.all(Array.from({ length: 5 }, () => run(['incidents'])));
    const renewals = asked.mock.calls.filter(([address]) => String(address) === `${issuer.issuer}/token`);
    asked.mockRestore();
    expect(renewals).toHaveLength(1);
    expect(ran.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0]);
    expect(kept().expiresAt).toBeGreaterThan(Date.now() + 60_000);
  });

  test('that the issuer has ended says what to do', async () => {
    await login('sub-ann');
    keep({ expiresAt: 0, refreshToken: 'made-up' });
    expect(await run(['incidents'])).toMatchObject({
      status: 4,
      notes: 'watchkeeper: your session has ended: sign in again (watchkeeper login)',
    });
  });

  test('is for its server alone, and a token of the environment goes first', async () => {
    await login('sub-ann');
    expect((await run(['incidents'], () => {}, { WATCHKEEPER_URL: 'http://127.0.0.1:1' })).notes).toContain('WATCHKEEPER_TOKEN is not set');
    expect((await run(['incidents'], () => {}, { WATCHKEEPER_TOKEN: 'wk_made-up' })).notes).toContain('not valid');
  });

  test('in a broken file says which file', async () => {
    await login('sub-ann');
    writeFileSync(sessionFile(), '{');
    expect((await run(['incidents'])).notes).toContain(`${sessionFile()} cannot be read`);
  });
});

describe('logout', () => {
  test('has the issuer take the tokens back, deletes them here, and says what it did', async () => {
    await login('sub-ann');
    const before = kept();
    const { status, out, notes } = await run(['logout']);
    expect(status).toBe(0);
    expect(out).toMatch(
      /^Signed out at \S+: the tokens of sub-ann are deleted here\.\nThe identity provider \S+ took back the refresh token/,
    );
    expect(out).toMatch(/is good until 20\S+Z/);
    expect(out).toContain(`open ${issuer.issuer}/session/end`);
    for (const secret of [before.accessToken, before.refreshToken])
      expect(out + notes + readFileSync(sessionFile(), 'utf8')).not.toContain(secret);
    expect((await run(['incidents'])).notes).toContain('watchkeeper login');
    // Whoever has copied the refresh token gets nothing for it.
    keep({ ...before, expiresAt: 0 });
    expect(await run(['incidents'])).toMatchObject({ status: 4, notes: expect.stringContaining('your session has ended') });
  });

  test('deletes the tokens also where the issuer does not answer, and says that it took nothing back', async () => {
    await login('sub-ann');
    keep({ issuer: 'http://127.0.0.1:1' });
    const ran = await run(['logout', '--json']);
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ subject: 'sub-ann', revoked: [], problem: 'issuer_unavailable', endSession: null });
    expect(kept()).toBeUndefined();
  });

  test('of nobody is no fault, and sessions at other servers stay', async () => {
    await login('sub-ann');
    const away = { WATCHKEEPER_URL: 'http://127.0.0.1:1' };
    expect(await run(['logout'], () => {}, away)).toMatchObject({ status: 0, out: 'Nobody is signed in at http://127.0.0.1:1.' });
    expect((await run(['incidents'])).status).toBe(0);
    expect(JSON.parse((await run(['logout', '--json'])).out)).toMatchObject({
      problem: null,
      revoked: expect.arrayContaining(['refresh_token']),
    });
    expect(JSON.parse((await run(['logout', '--json'])).out)).toEqual({ server: new URL(url).origin, subject: null });
  });

  test('of a session whose tokens the issuer does not know deletes them all the same', async () => {
    await login('sub-ann');
    keep({ refreshToken: 'made-up', accessToken: 'made-up' });
    expect((await run(['logout'])).status).toBe(0);
    expect(kept()).toBeUndefined();
  });
});
