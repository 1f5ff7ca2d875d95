import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { checkup } from './checkup.ts';
import { checkPostgres } from './peers.ts';
import { configurationTodo, installTodo, slackTodo, temporalTodo } from './remedies.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const asked = async (change: (url: URL) => void) => {
  const url = new URL(db.url);
  change(url);
  return (await checkPostgres({ DATABASE_URL: url.href } as never, silent)).todo;
};

test('why Postgres lets nobody in is told apart, by a real one', async () => {
  expect(await asked(() => {})).toBeNull();
  expect(await asked((url) => (url.password = 'made-up-password'))).toMatch(
    /^correct the user and password in DATABASE_URL.*ALTER ROLE "watchkeeper_app"/,
  );
  expect(await asked((url) => (url.pathname = '/nowhere'))).toMatch(/createdb --host \S+ nowhere, then watchkeeper migrate$/);
  expect(await asked((url) => (url.port = '1'))).toContain('pg_isready --host 127.0.0.1 --port 1');
  expect(await asked((url) => (url.hostname = 'nobody.invalid'))).toContain('nobody knows the name nobody.invalid');
});

test.each([
  [temporalTodo('5', 'temporal:7233', 'ops'), 'temporal operator namespace create --address temporal:7233 --namespace ops'],
  [temporalTodo('16', 'temporal:7233', 'ops'), 'TEMPORAL_API_KEY'],
  [temporalTodo(null, 'temporal:7233', 'ops'), 'temporal operator cluster health --address temporal:7233'],
  [slackTodo('Slack refuses: invalid_auth'), 'SLACK_BOT_TOKEN'],
  [slackTodo('Slack refuses: missing_scope'), 'manifest.yml'],
  [slackTodo('cannot be reached'), 'https://slack.com/api/api.test'],
  [installTodo('helm', 'shop'), 'sites[].binaries.helm of shop'],
  [configurationTodo('environment PORT: too big', 'watchkeeper.yaml'), 'set PORT in the environment'],
  [configurationTodo('SLACK_BOT_TOKEN is set: set SLACK_APP_TOKEN too', 'w.yaml'), 'set SLACK_BOT_TOKEN in the environment'],
  [configurationTodo('/etc/w.yaml: sites.0.name: too short', '/etc/w.yaml'), 'edit that place in /etc/w.yaml'],
])('%s', (todo, words) => {
  expect(todo).toContain(words);
});

test('every problem comes with something to run, to set or to click, and with no secret', async () => {
  const findings = await checkup({
    PATH: '/nowhere',
    WATCHKEEPER_CONFIG: '/nowhere/watchkeeper.yaml',
    DATABASE_URL: 'postgres://app:made-up-password@127.0.0.1:1/x',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    SLACK_BOT_TOKEN: 'xoxb-made-up-token',
    SLACK_APP_TOKEN: 'xapp-made-up-token',
    SLACK_API_URL: 'http://127.0.0.1:1/api/',
    LINEAR_API_KEY: 'lin_api_made-up-token',
    LINEAR_TEAM_KEY: 'SRE',
    LINEAR_API_URL: 'http://127.0.0.1:1/graphql',
    PAGERDUTY_API_TOKEN: 'made-up-token',
    PAGERDUTY_FROM_EMAIL: 'a@shop.example',
    PAGERDUTY_API_URL: 'http://127.0.0.1:1',
    OIDC_ISSUER: 'http://127.0.0.1:1',
    OIDC_CLIENT_ID: 'watchkeeper',
    WATCHKEEPER_URL: 'http://127.0.0.1:1',
    WATCHKEEPER_TOKEN: 'wk_made-up-token',
    AUDIT_SIGNING_KEY: 'made up',
  });
  const problems = findings.filter(({ ok }) => !ok);
  expect(problems.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Postgres', 'Temporal', 'Slack', 'Sign-in', 'Linear', 'PagerDuty', 'API', 'audit key']),
  );
  const concrete = /\b[A-Z]{2,}_[A-Z_]+\b|watchkeeper |curl |→|openssl /;
  expect(problems.filter(({ todo }) => !concrete.test(todo ?? '')).map(({ name, todo }) => `${name}: ${todo}`)).toEqual([]);
  expect(JSON.stringify(findings)).not.toMatch(/made-up-(password|token)/);
});
