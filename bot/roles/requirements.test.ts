import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateGrantKeys } from '../../tools/grant-keys.ts';
import { ConfigInvalid } from '../config.ts';
import { loadRoleSettings, type RoleName } from './requirements.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-roles-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const shared = { TEMPORAL_ADDRESS: 'temporal:7233', PAYLOAD_KEY: 'ab'.repeat(32), WATCHKEEPER_CONFIG: '' };
const database = { DATABASE_URL: 'postgres://app@db/watchkeeper' };

function config(text: string): { WATCHKEEPER_CONFIG: string } {
  const path = join(directory, 'watchkeeper.yaml');
  writeFileSync(path, text);
  return { WATCHKEEPER_CONFIG: path };
}

function problems(role: RoleName, variables: Record<string, string>, site?: string): readonly string[] {
  try {
    loadRoleSettings(role, site, variables);
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems;
    throw error;
  }
}

const named = (found: readonly string[]) => found.map((problem) => /^[A-Z_]+/.exec(problem)?.[0] ?? problem);

describe('what is missing is listed at once', () => {
  test.each([
    ['bot', ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PAYLOAD_KEY', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']],
    ['worker', ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PAYLOAD_KEY', 'GRANT_SIGNING_KEY', 'SLACK_BOT_TOKEN']],
    ['runner', ['TEMPORAL_ADDRESS', 'PAYLOAD_KEY', 'WATCHKEEPER_URL', 'WATCHKEEPER_TOKEN', 'GRANT_VERIFY_KEYS', 'no site']],
    ['mirror', ['DATABASE_URL', 'AUDIT_SIGNING_KEY']],
  ] as const)('%s', (role, wanted) => {
    const found = problems(role, config(''));
    expect(found).toHaveLength(wanted.length);
    for (const [index, start] of wanted.entries()) expect(found[index]?.startsWith(start), `${start}: ${found[index]}`).toBe(true);
  });

  test('beside what is wrong otherwise', () => {
    expect(named(problems('bot', { ...config('slack: off\nsurprise: 1\n'), ...database, PORT: 'x' }))).toEqual(
      expect.arrayContaining(['TEMPORAL_ADDRESS', 'PAYLOAD_KEY']),
    );
    expect(problems('bot', { ...config('surprise: 1\n'), PORT: 'x' }).join('\n')).toMatch(/PORT[\s\S]+surprise/);
  });
});

test('webhooks of Linear need the key with which labels are read', () => {
  const off = { ...shared, ...database, ...config('slack: off\n'), LINEAR_WEBHOOK_SECRET: 'made up' };
  expect(named(problems('bot', off))).toEqual(['LINEAR_WEBHOOK_SECRET']);
  expect(problems('bot', { ...off, LINEAR_API_KEY: 'made up', LINEAR_TEAM_KEY: 'SRE' })).toEqual([]);
});

test('webhooks of PagerDuty need the key with which incidents are read', () => {
  const off = { ...shared, ...database, ...config('slack: off\n'), PAGERDUTY_WEBHOOK_SECRET: 'made up' };
  expect(named(problems('bot', off))).toEqual(['PAGERDUTY_WEBHOOK_SECRET']);
  expect(problems('bot', { ...off, PAGERDUTY_API_TOKEN: 'made up', PAGERDUTY_FROM_EMAIL: 'bot@shop.example' })).toEqual([]);
});

test('with Slack off, bot and worker need no token of it', async () => {
  const { privateKey } = await generateGrantKeys();
  const off = { ...shared, ...database, ...config('slack: off\n') };
  expect(problems('bot', off)).toEqual([]);
  expect(problems('worker', { ...off, GRANT_SIGNING_KEY: privateKey })).toEqual([]);
  expect(named(problems('worker', { ...off, GRANT_SIGNING_KEY: 'made-up' }))).toEqual(['GRANT_SIGNING_KEY']);
});

describe('a runner', () => {
  async function variables(text: string): Promise<Record<string, string>> {
    const { publicKey } = await generateGrantKeys();
    const api = { WATCHKEEPER_URL: 'http://bot:8080', WATCHKEEPER_TOKEN: 'wk_made-up', GRANT_VERIFY_KEYS: publicKey };
    return { ...shared, ...api, ...config(text) };
  }

  test('needs no database, and serves the only site', async () => {
    expect(loadRoleSettings('runner', undefined, await variables('sites: [{ name: a }]\n')).site?.name).toBe('a');
  });

  test('of several sites serves the one that is named', async () => {
    const two = await variables('sites: [{ name: a }, { name: b }]\n');
    expect(loadRoleSettings('runner', 'b', two).site?.name).toBe('b');
    expect(problems('runner', two)).toEqual([expect.stringContaining('several sites are configured (a, b)')]);
    expect(problems('runner', two, 'c')).toEqual(['--site c: no such site is configured (a, b)']);
  });

  test("does not start without its site's credentials", async () => {
    const site = `sites:\n  - { name: a, kubernetes: { context: a, kubeconfig: { read: ${join(directory, 'watchkeeper.yaml')}, write: /nowhere } } }\n`;
    expect(problems('runner', await variables(site))).toEqual(['site a: kubernetes.kubeconfig.write: no file at /nowhere']);
    const given = await variables(
      'sites: [{ name: a, tempo: { url: "https://t.example", token: { read: { env: A }, write: { env: B } } } }]\n',
    );
    expect(problems('runner', { ...given, A: 'made up' })).toEqual(['site a: tempo.token.write: B is not set']);
    const { siteVariables } = loadRoleSettings('runner', undefined, { ...given, A: 'made up', B: 'too', C: 'of nobody' });
    expect(siteVariables).toEqual({ A: 'made up', B: 'too' });
  });
});

test('--site is refused where it means nothing', async () => {
  const { privateKey: AUDIT_SIGNING_KEY } = await generateGrantKeys();
  expect(problems('mirror', { ...config(''), ...database, AUDIT_SIGNING_KEY }, 'a')).toEqual([
    '--site is for the role runner, not for mirror',
  ]);
});

test('the mirror signs the audit log, with or without systems to keep up to date', async () => {
  const mirror = { ...config(''), ...database };
  expect(problems('mirror', { ...mirror, AUDIT_SIGNING_KEY: (await generateGrantKeys()).privateKey })).toEqual([]);
  expect(named(problems('mirror', { ...mirror, AUDIT_SIGNING_KEY: (await generateGrantKeys()).publicKey }))).toEqual(['AUDIT_SIGNING_KEY']);
});
