import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLimits } from '../mirrors/pagerduty/limits.ts';
import { type LocalPagerDuty, startPagerDuty } from '../sandbox/pagerduty/server.ts';
import { newIncident } from '../store/fixtures.ts';
import { createTestDatabase, silent, testRedactor } from '../store/testing.ts';
import { createAllowance } from './allowance.ts';
import type { PageContext } from './context.ts';
import { contextLine, createPageEvidence } from './evidence.ts';
import { createReads, type PagerDutyReads } from './reads.ts';

const services = [
  { id: 'PCHECKOUT', name: 'checkout' },
  { id: 'PCART', name: 'cart' },
];
let dir: string;
let pagerduty: LocalPagerDuty;
let reads: PagerDutyReads;
const readsWith = (burst: number) => {
  const rest = {
    apiUrl: pagerduty.apiUrl,
    token: pagerduty.token,
    fromEmail: pagerduty.fromEmail,
    timeoutMs: 2_000,
    limits: createLimits(Date.now),
  };
  return createReads({ rest, allowance: createAllowance(burst, 1, Date.now), log: silent });
};
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchkeeper-reads-'));
  pagerduty = await startPagerDuty({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'pagerduty.db'), services, log: silent });
  reads = readsWith(100);
});
afterEach(async () => {
  await pagerduty.close();
  rmSync(dir, { recursive: true });
});

const calls = (operation: string) => pagerduty.ledger().filter((entry) => entry.operation === operation).length;

describe('an incident', () => {
  test('is read as it stands now', async () => {
    const id = pagerduty.hands.trigger('PCART', 'cart fails', 'k1');
    pagerduty.hands.acknowledge(id);
    expect(await reads.incident(id)).toMatchObject({
      status: 'acknowledged',
      subject: { id, title: 'cart fails', key: 'k1', service: { id: 'PCART', name: 'cart' } },
    });
  });

  test('that cannot be read is null: gone, away, or beyond the allowance', async () => {
    const id = pagerduty.hands.trigger('PCART', 'cart fails');
    expect(await reads.incident('QNONE')).toBeNull();
    pagerduty.faults.serverError('incidents.get', 1);
    expect(await reads.incident(id)).toBeNull();
    const few = readsWith(1);
    expect(await few.incident(id)).not.toBeNull();
    expect(await few.incident(id)).toBeNull();
  });

  test('after a 429 nothing is asked for as long as PagerDuty says', async () => {
    const id = pagerduty.hands.trigger('PCART', 'cart fails');
    pagerduty.faults.rateLimit('incidents.get', 1, 60);
    expect(await reads.incident(id)).toBeNull();
    const before = calls('incidents.get');
    expect(await reads.incident(id)).toBeNull();
    expect(await reads.changes(id)).toEqual([]);
    expect(calls('incidents.get')).toBe(before);
  });
});

describe('the own user', () => {
  test('is asked for once', async () => {
    expect(await Promise.all([reads.ownUser(), reads.ownUser()])).toEqual(['PUSER01', 'PUSER01']);
    expect(await reads.ownUser()).toBe('PUSER01');
    expect(calls('users.me')).toBe(1);
  });

  test('of a key of the whole account is that of the From address', async () => {
    pagerduty.faults.serverError('users.me', 1, 400);
    expect(await reads.ownUser()).toBe('PUSER01');
  });

  test('that cannot be learnt now is asked for later, not with every event', async () => {
    pagerduty.faults.serverError('users.me', 1);
    expect([await reads.ownUser(), await reads.ownUser()]).toEqual([null, null]);
    expect(calls('users.me')).toBe(1);
  });
});

test.each([
  { kind: 'service', id: 'PCART' },
  { kind: 'schedule', id: 'PSCHED01' },
] as const)('who is on call for a $kind', async (of) => {
  expect(await reads.onCall(of)).toEqual([{ name: 'On call', pagerdutyUser: 'PUSER01' }]);
});

test('nobody can say who is on call for a service that is not there', async () => {
  await expect(reads.onCall({ kind: 'service', id: 'PNONE' })).rejects.toMatchObject({ code: 'peer_refused' });
});

describe('evidence', () => {
  test('is everything around the page, redacted, as an observation of the incident', async () => {
    const database = await createTestDatabase();
    const store = database.store();
    const { incident } = await store.incidents.open(newIncident(), { kind: 'system', id: 'pagerduty' });
    const id = pagerduty.hands.trigger('PCHECKOUT', 'checkout fails hunter2');
    pagerduty.hands.annotate(id, 'since the deploy');
    await database.force(`
      INSERT INTO alerts (id, incident_id, source, external_id, fingerprint, scope, service, labels, changes, urgency, title, joined_by, status, status_at, starts_at)
      VALUES ('a1', '${incident.id}', 'pagerduty', '${id}', 'f', 's', 'checkout', '{}', '{}', 'high', 't', 'opened', 'firing', now(), now())`);
    const evidence = createPageEvidence({
      ...{ reads, store, apiUrl: pagerduty.apiUrl, redact: testRedactor },
      pagerDutyServiceOf: (name) => (name === 'checkout' ? 'PCHECKOUT' : null),
    });
    expect(await evidence.attach(incident.id)).toBe('From PagerDuty: 1 alert (1 firing) · on call: On call · no change event.');
    const [stored] = await store.observations.listForIncident(incident.id);
    const observation = await store.observations.get(stored?.id ?? '');
    expect(observation).toMatchObject({ operation: 'pagerduty.incident_context', status: 'ok', input: { incident: id } });
    expect(observation.output).toMatchObject({ incident: { title: 'checkout fails [masked]' }, alerts: { total: 1 }, missing: [] });
    expect(JSON.stringify(observation.output)).toContain('annotate_log_entry');
    expect(JSON.stringify(observation)).not.toContain('hunter2');
    await database.close();
  });

  test('goes without the parts that cannot be read, and names them', async () => {
    const id = pagerduty.hands.trigger('PCHECKOUT', 'checkout fails');
    pagerduty.faults.serverError('past_incidents.list', 1, 402);
    pagerduty.faults.serverError('alerts.list', 1);
    const context = await reads.context(id, null);
    expect(context).toMatchObject({ alerts: null, pastIncidents: null, onCall: null, missing: ['alerts', 'past incidents'] });
    expect(contextLine(context, new Date())).toBe('From PagerDuty: no change event · not readable: alerts, past incidents.');
  });

  test('says how long ago the last change was', () => {
    const now = new Date('2026-01-01T10:00:00Z');
    const context: PageContext = {
      ...{ incident: null, alerts: null, logEntries: null, pastIncidents: null, relatedIncidents: null, onCall: [], missing: [] },
      changeEvents: [{ id: 'C1', summary: 'release 1.8.0', timestamp: '2026-01-01T09:54:00Z' }],
    };
    expect(contextLine(context, now)).toBe('From PagerDuty: on call: nobody · last change event “release 1.8.0” 6 min ago.');
  });
});
