import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sha256Hex } from '../../tools/canonical.ts';
import { createTestApi, type TestApi } from '../api/testing.ts';
import { resolvedLife } from '../mirrors/testing-lives.ts';
import { alice, newIncident, seed } from '../store/fixtures.ts';
import { runCli } from './program.ts';
import type { Screen } from './screen.ts';
import { plain, type Text } from './style.ts';

let t: TestApi;
let url: string;
let home: string;
beforeAll(async () => {
  const observation = sha256Hex('made up');
  t = await createTestApi(async () => ({
    reads: {
      read: async ({ site, input }) =>
        site === 'shop'
          ? { kind: 'answered', answer: { status: 'ok', callId: 'c1', observation, output: input } }
          : { kind: 'refused', code: 'unknown_site', message: `There is no site ${site}.`, errors: [] },
    },
  }));
  url = await t.api.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => t.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'watchkeeper-cli-'));
  return () => rmSync(home, { recursive: true });
});

async function run(argv: readonly string[], variables: Readonly<Record<string, string>> = {}, screen: () => Screen | null = () => null) {
  const out: string[] = [];
  const notes: string[] = [];
  const given = { XDG_CONFIG_HOME: home, ...variables };
  const status = await runCli(argv, { line: (text) => out.push(text), note: (text) => notes.push(text) }, given, screen);
  return { status, out: out.join('\n'), notes: notes.join('\n') };
}

const cli = (...argv: string[]) => run(argv, { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: t.admin });

describe('profiles', () => {
  test('name servers for the person alone; the first one is used, another one by --profile', async () => {
    expect(await run(['profile', 'add', 'here', '--url', url])).toMatchObject({ status: 0 });
    await run(['profile', 'add', 'away', '--url', 'http://127.0.0.1:1']);
    const file = join(home, 'watchkeeper', 'profiles.json');
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect((await run(['profile', 'list'])).out).toMatch(/^\* {2}here +http.*sign-in$/m);
    const token = { WATCHKEEPER_TOKEN: t.admin };
    // A profile without a token is for a person who signs in: the token of the environment may be another server's.
    expect((await run(['incidents'], token)).notes).toContain('watchkeeper login');
    expect(await run(['incidents', '--profile', 'away'], { WATCHKEEPER_URL: url, ...token })).toMatchObject({ status: 1 });
    expect(await run(['incidents'], { WATCHKEEPER_URL: url, ...token })).toMatchObject({ status: 0 });
  });

  test('keep a token that goes to their own server, and show it nowhere', async () => {
    const { writeProfiles } = await import('./profiles.ts');
    const profiles = { ci: { url, token: t.admin }, away: { url: 'http://127.0.0.1:1', token: 'wk_made-up' } };
    writeProfiles({ version: 1, current: 'away', profiles }, { XDG_CONFIG_HOME: home });
    expect(await run(['incidents', '--profile=ci'])).toMatchObject({ status: 0 });
    expect(await run(['incidents'])).toMatchObject({ status: 3 });
    await run(['profile', 'use', 'ci']);
    expect(await run(['incidents'])).toMatchObject({ status: 0 });
    const shown = await run(['profile', 'list', '--json']);
    expect(shown.out).not.toContain(t.admin);
    await run(['profile', 'remove', 'ci']);
    expect(readFileSync(join(home, 'watchkeeper', 'profiles.json'), 'utf8')).not.toContain(t.admin);
  });

  test('one that is not there is said, with those that are', async () => {
    await run(['profile', 'add', 'here', '--url', url]);
    expect(await run(['incidents', '--profile', 'prod'])).toMatchObject({ status: 1, notes: expect.stringContaining('there are: here') });
  });
});

test.each([
  [401, 4, 'watchkeeper login'],
  [403, 1, 'tokens:admin'],
])('a refusal with %i ends with %i', async (status, expected, words) => {
  const token = status === 401 ? 'wk_made-up' : await t.tokenWith('read');
  expect(await run(['token', 'list'], { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: token })).toMatchObject({
    status: expected,
    notes: expect.stringContaining(words),
  });
});

test('an address with the wrong scheme is told from a server that is away', async () => {
  const secure = { WATCHKEEPER_URL: url.replace('http:', 'https:'), WATCHKEEPER_TOKEN: t.admin };
  expect(await run(['incidents'], secure)).toMatchObject({ status: 3, notes: expect.stringContaining('https where it should be http') });
});

test('an operation that reads is called with fields or JSON, and its answer says whether it could', async () => {
  const call = (...flags: string[]) => cli('tools', 'call', 'kubernetes.workloads', ...flags);
  const called = await call('--site', 'shop', '--set', 'namespace=shop', '--set', 'limit=3', '--input', '{"kind": "pod"}');
  expect(called).toMatchObject({ status: 0, notes: expect.stringMatching(/^Observation [0-9a-f]{64}$/) });
  expect(JSON.parse(called.out)).toEqual({ kind: 'pod', namespace: 'shop', limit: 3 });
  expect(await call('--site', 'nowhere')).toMatchObject({ status: 1, notes: 'watchkeeper: There is no site nowhere.' });
  expect((await call('--site', 'shop', '--input', '[]')).status).toBe(2);
});

describe('an incident that is closed', () => {
  let id: string;
  beforeAll(async () => {
    id = (await t.store.incidents.open(newIncident(), alice)).incident.id;
    await resolvedLife(t.store, id);
  });

  test('has a postmortem, with addresses of the server', async () => {
    const { out } = await cli('incident', 'postmortem', id);
    expect(out).toMatch(/^Draft, made from the record/);
    expect(out).toContain(`(${url}/v1/observations/`);
    expect(JSON.parse((await cli('incident', 'postmortem', id, '--json')).out)).toMatchObject({ outcome: 'resolved' });
  });

  test('has evidence as text, as JSON and as pictures', async () => {
    expect((await cli('incident', 'evidence', id)).out).toMatch(/^finding the image cannot be pulled\n +supports +ErrImagePull/m);
    expect((await cli('incident', 'evidence', id, '--format', 'svg')).out).toMatch(/^<svg /);
    expect((await cli('incident', 'evidence', id, '--format', 'png')).status).toBe(2);
    const file = join(home, 'evidence.png');
    expect(await cli('incident', 'evidence', id, '--format', 'png', '-o', file)).toMatchObject({ status: 0, out: '' });
    expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG');
  });

  test('is told to its end where there is no terminal, a line for each thing that happened', async () => {
    const { out, status } = await cli('watch', id);
    expect(status).toBe(0);
    expect(out).toMatch(/Incident opened[\s\S]+Plan proposed[\s\S]+Plan approved[\s\S]+Closed: resolved\. The rollout was undone\.$/);
    expect((await cli('incident', 'show', id, '--watch', '--json')).out.split('\n').map((line) => JSON.parse(line).body.kind)).toContain(
      'plan.done',
    );
  });
});

test('where there is no terminal, all of a plan that waits is told before how to vote on it', async () => {
  const { incident, plan } = await seed(t.store);
  const out: string[] = [];
  const given = { XDG_CONFIG_HOME: home, WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: t.admin };
  const watching = runCli(['watch', incident.id], { line: (text) => out.push(text), note: () => undefined }, given);
  await vi.waitFor(() => expect(out.join('\n')).toContain(`watchkeeper approve ${plan.id}`), 10_000);
  const text = out.join('\n');
  expect(text).toMatch(
    /Votes[\s\S]+medium risk[\s\S]+Target +site[\s\S]+Runs[\s\S]+Dry run[\s\S]+Verifies[\s\S]+Rollback[\s\S]+waits for 1 approval/,
  );
  await t.store.incidents.close(incident.id, 'cancelled', 'Stopped.');
  expect(await watching).toBe(0);
  expect(out.filter((line) => line.includes('waits for'))).toHaveLength(1);
});

/** A terminal in memory; `press` is told each picture, and may answer with what somebody types then. */
function terminalOf(press: (picture: string) => readonly string[] | null) {
  const pictures: string[] = [];
  const listeners = new Set<(key: string, text: string) => void>();
  let closed = false;
  const screen: Screen = {
    rows: 40,
    columns: 60,
    draw(lines: readonly Text[]) {
      const picture = lines.map(plain).join('\n');
      if (pictures.at(-1) === picture) return;
      pictures.push(picture);
      const keys = press(picture) ?? [];
      queueMicrotask(() => {
        for (const key of keys) for (const told of [...listeners]) told(key, key.length === 1 ? key : '');
      });
    },
    onKey(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
    },
  };
  return { screen, pictures, closed: () => closed };
}

describe('at a terminal', () => {
  test('a plan asks for a vote, which is typed in full and names the hash of what is shown', async () => {
    const { incident, plan, requestHash } = await seed(t.store);
    t.controls.outcome = { kind: 'recorded', person: 'ann', approvals: 1, needed: 1, missing: null, decided: 'approved' };
    const keys: readonly [string, readonly string[]][] = [
      ['Your vote on exactly this plan', [...'approve', 'return']],
      ['Recorded for ann', ['q']],
    ];
    let next = 0;
    const { screen, pictures, closed } = terminalOf((picture) => {
      const [awaited, typed] = keys[next] ?? [];
      if (awaited === undefined || typed === undefined || !picture.includes(awaited)) return null;
      next += 1;
      return typed;
    });
    const before = t.controls.asked.length;
    const ran = await run(['watch', incident.id], { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: t.admin }, () => screen);
    expect(ran.status).toBe(0);
    expect(t.controls.asked.slice(before)).toMatchObject([{ planId: plan.id, requestHash, verdict: 'approve' }]);
    expect(pictures[0]?.replaceAll(/\n +/g, ' ')).toContain('kubectl rollout undo deployment/checkout --to-revision=2');
    expect(closed()).toBe(true);
  });

  test('a key or two vote for nothing, and the terminal is left as it was', async () => {
    const { incident } = await seed(t.store);
    const keys = ['a', 'return', 'y', 'return', 'escape', 'q'];
    const { screen, closed } = terminalOf(() => null);
    const before = t.controls.asked.length;
    const watching = run(['watch', incident.id], { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: t.admin }, () => ({
      ...screen,
      onKey(listener) {
        for (const key of keys) queueMicrotask(() => listener(key, key.length === 1 ? key : ''));
        return () => undefined;
      },
    }));
    expect((await watching).status).toBe(0);
    expect(t.controls.asked).toHaveLength(before);
    expect(closed()).toBe(true);
  });

  test('the terminal is left as it was where there is no such incident', async () => {
    const { screen, closed } = terminalOf(() => null);
    expect((await run(['watch', 'nope'], { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: t.admin }, () => screen)).status).toBe(1);
    expect(closed()).toBe(true);
  });
});
