import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalLinear, startLinear } from '../sandbox/linear/server.ts';
import { type LocalPagerDuty, startPagerDuty } from '../sandbox/pagerduty/server.ts';
import { silent } from '../store/testing.ts';
import { checkup } from './checkup.ts';

const publicUrl = 'http://127.0.0.1:1';
const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-doctor-'));
const at = { host: '127.0.0.1', port: 0, log: silent };
let linear: LocalLinear;
let pagerduty: LocalPagerDuty;
beforeAll(async () => {
  linear = await startLinear({ ...at, dataFile: join(dir, 'linear.db'), users: [] });
  pagerduty = await startPagerDuty({ ...at, dataFile: join(dir, 'pagerduty.db') });
  writeFileSync(
    join(dir, 'watchkeeper.yaml'),
    `people: [{ id: ann, name: Ann, roles: [responder], pagerduty: PANN01 }]
sites: [{ name: shop }]
services:
  - { name: checkout, site: shop, namespace: shop, pagerduty: PCHECKOUT }
  - { name: cart, site: shop, namespace: shop, pagerduty: PNOBODY }
`,
  );
});
afterAll(async () => {
  await linear.close();
  await pagerduty.close();
  rmSync(dir, { recursive: true, force: true });
});

const look = async (change: Record<string, string | undefined> = {}, confirm?: (question: string) => Promise<boolean>) => {
  const variables = {
    ...{ WATCHKEEPER_CONFIG: join(dir, 'watchkeeper.yaml'), PUBLIC_URL: publicUrl, PATH: '/usr/bin:/bin' },
    ...{ LINEAR_API_KEY: linear.apiKey, LINEAR_TEAM_KEY: linear.teamKey, LINEAR_API_URL: linear.apiUrl, LINEAR_WEBHOOK_SECRET: 'made-up' },
    ...{ PAGERDUTY_API_TOKEN: pagerduty.token, PAGERDUTY_FROM_EMAIL: pagerduty.fromEmail, PAGERDUTY_API_URL: pagerduty.apiUrl },
    ...{ PAGERDUTY_EVENTS_URL: pagerduty.eventsUrl, PAGERDUTY_WEBHOOK_SECRET: 'made-up' },
    ...change,
  };
  const findings = await checkup(variables, confirm);
  return new Map(findings.map((finding) => [finding.name, finding]));
};

test('what is missing is named, with what to do about it; nothing is made unasked', async () => {
  const found = await look();
  expect(found.get('Linear')).toMatchObject({ ok: true });
  expect(found.get('Linear labels')).toMatchObject({ ok: false, todo: expect.stringContaining('watchkeeper doctor --yes') });
  expect(found.get('Linear webhook')).toMatchObject({ ok: false, todo: expect.stringContaining(`URL ${publicUrl}/webhooks/linear`) });
  expect(found.get('PagerDuty')).toMatchObject({ ok: true });
  expect(found.get('PagerDuty service of checkout')).toMatchObject({ ok: true, detail: 'PCHECKOUT is checkout' });
  expect(found.get('PagerDuty service of cart')).toMatchObject({ ok: false, detail: 'there is no service PNOBODY' });
  expect(found.get('PagerDuty webhook')).toMatchObject({ ok: false, todo: expect.stringContaining('Generic Webhooks (v3)') });
  expect(found.get('PagerDuty people')).toMatchObject({ ok: false, detail: expect.stringContaining('ann') });
  const writes = [...linear.ledger(), ...pagerduty.ledger()].filter(({ effect }) => effect !== null);
  expect(writes).toEqual([]);
});

test('labels are made once somebody agrees, and webhooks are found where they are', async () => {
  const asked: string[] = [];
  linear.webhooks.to(`${publicUrl}/webhooks/linear`);
  pagerduty.deliverTo(`${publicUrl}/webhooks/pagerduty`);
  const found = await look({}, async (question) => asked.push(question) > 0);
  expect(asked).toEqual([expect.stringContaining('Make 6 labels in the Linear team')]);
  for (const name of ['Linear labels', 'Linear webhook', 'PagerDuty webhook']) expect(found.get(name)).toMatchObject({ ok: true });
  expect((await look()).get('Linear labels')).toMatchObject({ ok: true, detail: 'all 6 are there' });
});

test.each([
  ['a revoked key of Linear', { LINEAR_API_KEY: 'lin_api_made_up' }, 'Linear', 'Personal API keys'],
  ['a team that was deleted', { LINEAR_TEAM_KEY: 'GONE' }, 'Linear', 'set LINEAR_TEAM_KEY to one of'],
  ['a revoked key of PagerDuty', { PAGERDUTY_API_TOKEN: 'made-up-token' }, 'PagerDuty', 'API Access Keys'],
  ['an address of nobody', { PAGERDUTY_FROM_EMAIL: 'nobody@shop.example' }, 'PagerDuty', 'PAGERDUTY_FROM_EMAIL'],
  ['no secret for webhooks', { PAGERDUTY_WEBHOOK_SECRET: undefined }, 'PagerDuty webhook', 'PAGERDUTY_WEBHOOK_SECRET'],
])('%s is said in words', async (_, change, name, todo) => {
  const finding = (await look(change)).get(name);
  expect(finding).toMatchObject({ ok: false, todo: expect.stringContaining(todo) });
  expect(JSON.stringify(finding)).not.toContain('made-up-token');
});
