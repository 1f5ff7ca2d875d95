import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ToolCall } from '../../tools/contract.ts';
import { createLimits } from '../mirrors/pagerduty/limits.ts';
import { type LocalPagerDuty, startPagerDuty } from '../sandbox/pagerduty/server.ts';
import { newIncident } from '../store/fixtures.ts';
import { createTestDatabase, silent, testRedactor } from '../store/testing.ts';
import { createAllowance } from './allowance.ts';
import { createChangeEvents } from './change-events.ts';

const services = [
  { id: 'PCHECKOUT', name: 'checkout' },
  { id: 'PCART', name: 'cart' },
];
const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-changes-'));
const database = await createTestDatabase();
const store = database.store();
let pagerduty: LocalPagerDuty;
let incidentId: string;

beforeAll(async () => {
  pagerduty = await startPagerDuty({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'pagerduty.db'), services, log: silent });
  incidentId = (await store.incidents.open(newIncident(), { kind: 'system', id: 'test' })).incident.id;
  // The routing key is that of the first service.
  for (const [summary, timestamp] of [
    ['Deploy 41 by hunter2', '2026-01-01T11:30:00Z'],
    ['Deploy 40', '2026-01-01T09:00:00Z'],
  ])
    await fetch(`${pagerduty.eventsUrl}/v2/change/enqueue`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        routing_key: pagerduty.routingKey,
        payload: { summary, timestamp, source: 'pipeline' },
        links: [{ href: 'https://ci.test/41', text: 'Build' }],
      }),
    });
});
afterAll(async () => {
  await pagerduty.close();
  await database.close();
  rmSync(dir, { recursive: true });
});

const window = { since: '2026-01-01T10:45:00Z', until: '2026-01-01T12:00:00Z' };
const callFor = (service: string, over: object = {}): ToolCall => ({
  ...{ version: 1, callId: 'c1', incidentId, site: 'shop', operation: 'pagerduty.change_events', mode: 'run' },
  ...{ input: { namespace: 'shop', name: 'checkout', service, ...window, ...over }, deadline: '2026-01-01T12:01:30.000Z' },
});
function read(service: string, { token = pagerduty.token, burst = 9, over = {} } = {}) {
  const rest = { apiUrl: pagerduty.apiUrl, token, fromEmail: pagerduty.fromEmail, timeoutMs: 2_000, limits: createLimits(Date.now) };
  const allowance = createAllowance(burst, 0, Date.now);
  return createChangeEvents({ rest, allowance, store, redact: testRedactor, log: silent })(callFor(service, over));
}

test('change events of a service within the window are an observation, redacted, with their source and links', async () => {
  const answer = await read('PCHECKOUT');
  const kept = await store.observations.get(answer.observation ?? '');
  expect(kept).toMatchObject({ operation: 'pagerduty.change_events', site: 'shop', status: 'ok', incidentId, via: { method: 'GET' } });
  expect(kept.output).toEqual({
    changes: [
      {
        ...{
          id: expect.any(String),
          summary: 'Deploy 41 by [masked]',
          at: '2026-01-01T11:30:00Z',
          source: 'pipeline',
          services: ['PCHECKOUT'],
        },
        links: [{ href: 'https://ci.test/41', text: 'Build' }],
      },
    ],
    more: false,
  });
  expect(JSON.stringify(kept)).not.toContain(pagerduty.token);
  const other = await read('PCART');
  expect((await store.observations.get(other.observation ?? '')).output).toEqual({ changes: [], more: false });
});

test('what cannot be read is said why, and kept as a failure', async () => {
  expect(await read('PNONE')).toMatchObject({ status: 'error', code: 'not_found' });
  expect(await read('PCHECKOUT', { token: 'made-up' })).toMatchObject({ status: 'error', code: 'forbidden' });
  expect(await read('PCHECKOUT', { burst: 0 })).toMatchObject({ status: 'error', code: 'throttled' });
  pagerduty.faults.rateLimit('change_events.of_service', 1, 30);
  expect(await read('PCHECKOUT')).toMatchObject({ status: 'error', code: 'throttled' });
  pagerduty.faults.serverError('change_events.of_service', 1);
  const away = await read('PCHECKOUT');
  expect(away).toMatchObject({ status: 'error', code: 'unreachable', message: 'PagerDuty did not answer' });
  expect(await store.observations.get(away.observation ?? '')).toMatchObject({ status: 'error', errorCode: 'unreachable', output: null });
});

test('nothing is asked for with an input that PagerDuty would refuse, or that leads elsewhere', async () => {
  const before = pagerduty.ledger().length;
  for (const over of [{ service: '../users' }, { since: '2026-01-01T10:45:00.000Z' }, { more: 1 }])
    expect(await read('PCHECKOUT', { over })).toMatchObject({ status: 'error', code: 'bad_input', observation: null });
  expect(pagerduty.ledger()).toHaveLength(before);
});
