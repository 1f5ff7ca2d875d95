import { afterAll, beforeAll, expect, test } from 'vitest';
import { effects, notesIn, recordedFor, saidInLinear, saidInPagerDuty } from '../../bot/mirrors/said.ts';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { eventually, slackUser, startTestSystem, type TestSystem } from './system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ scenario: 'bad-rollout' });
});
afterAll(() => system.stop());

test('both peers hold every decision of an incident once, in the order of the audit log', async () => {
  const thread = await system.mention('erin', 'C0INCIDENTS', 'checkout fails since the last deploy');
  await system.incident(thread, (_incident, plan) => plan?.state === 'pending');
  const card = await eventually('the card', async () => (await system.read('alice', thread)).find((one) => hasAction(one, 'plan.approve')));
  await system.hands.click(slackUser('alice'), card, 'plan.approve');
  const { incident, plan } = await system.incident(thread, ({ state }) => state === 'closed');
  expect(incident.outcome).toBe('resolved');
  const { store } = system.core;
  await eventually('the outbox is empty', async () => (await store.outbox.depth()).every(({ pending }) => pending === 0));
  expect(await store.outbox.list({ state: 'refused' }, 0, 10)).toEqual([]);

  const entries = await store.audit.list({ incidentId: incident.id }, 0, 200);
  const [linear, pagerduty] = (['linear', 'pagerduty'] as const).map((peer) => system.documents(peer, (documents) => documents.ledger()));
  const told = [recordedFor('linear', entries), recordedFor('pagerduty', entries)];
  expect(saidInLinear(linear ?? [])).toEqual(told[0]);
  expect(saidInPagerDuty(pagerduty ?? [])).toEqual(told[1]);
  for (const decisions of told)
    expect(decisions).toEqual(
      expect.arrayContaining([
        'Policy demands approval',
        'Plan proposed',
        'Vote recorded',
        'Plan approved',
        'Policy allows it',
        'Grant issued',
        'Grant claimed',
        'Step done and verified',
        'Plan executed and verified',
        'Incident closed',
      ]),
    );
  expect(notesIn(pagerduty ?? []).length).toBeLessThan((told[1]?.length ?? 0) / 2);

  const page = system.documents('pagerduty', (documents) => documents.list<{ status: string; acknowledgements: object[] }>('incident'))[0];
  expect(page?.status).toBe('resolved');
  expect(effects(pagerduty ?? [], 'events.change')).toHaveLength(1);
  expect(effects(pagerduty ?? [], 'status_updates.create')).toHaveLength(3);
  expect((pagerduty ?? []).filter(({ operation }) => operation === 'incidents.update')).toHaveLength(1);
  const [attachment] = system.documents('linear', (documents) => documents.list<{ metadata: object }>('attachment'));
  expect(attachment?.metadata).toEqual({
    incident: incident.id,
    workflow: `incident:${incident.key}`,
    change: `change:${plan?.plan.id}`,
  });
  expect(effects(linear ?? [], 'documentCreate')).toHaveLength(1);
});
