import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { begin } from '../../bot/up/begin.ts';
import { eventually, slackUser, startTestSystem, type TestSystem } from './system.ts';

/** Sixty alerts by one notification of Alertmanager: two causes, and a service that suffers from the first. */

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ scenario: 'storm' });
  if (system.parts.estate === null) throw new Error('this test needs the simulated estate');
  await begin(system, system.parts.estate.scenario);
});
afterAll(() => system.stop());

test('are two incidents with their lists, two investigations and a plan for each cause', async () => {
  const { store } = system.core;
  await eventually('an empty inbox', async () => ((await store.inbox.nextAt()) === null ? true : null));
  const incidents = await store.incidents.list(null, 10);
  expect(incidents.map(({ service }) => service).toSorted()).toEqual(['catalog', 'checkout']);
  const counted = await Promise.all(incidents.map(async ({ id, service }) => [service, (await store.alerts.list(id, 0, 100)).length]));
  expect(Object.fromEntries(counted)).toEqual({ checkout: 45, catalog: 15 });
  for (const { slack, service } of incidents) {
    const place = { channel: slack?.channel ?? '', ts: slack?.threadTs ?? '' };
    await system.see('alice', place, service === 'checkout' ? '45 alerts: 45 firing' : '15 alerts: 15 firing');
    await system.hands.until(slackUser('alice'), place.channel, place.ts, (message) => hasAction(message, 'plan.approve'));
    const { plan } = await system.incident(place, (_incident, each) => each?.state === 'pending');
    expect(plan?.plan.steps.map(({ input }) => input['name'])).toEqual([service]);
  }
});
