import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { channels, startTestSystem, type TestSystem, textOf } from './system.ts';

let system: TestSystem;

/** An approval may take six seconds. */
beforeAll(async () => {
  system = await startTestSystem({ scenario: 'expiry' });
});
afterAll(() => system?.stop());

test('approvers are mentioned and get the card; when the request expires, every copy says so and loses its buttons', async () => {
  const thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy');
  const reminder = await system.see('erin', thread, 'Still waiting for 1 approval');
  expect(reminder.text).toContain('<@U0ALICE>, <@U0BOB>');
  expect(reminder.text).not.toContain('<@U0ERIN>');
  const { incident, plan } = await system.incident(thread, ({ state }) => state === 'closed');
  expect([incident.outcome, plan?.state]).toEqual(['expired', 'expired']);
  for (const [user, place] of [
    ['erin', thread],
    ['alice', { channel: 'D0ALICE' }],
    ['bob', { channel: 'D0BOB' }],
  ] as const) {
    const card = await system.see(user, place, 'Expired: nothing was changed', plan?.plan.id ?? 'no plan');
    expect(hasAction(card, 'plan.approve'), textOf(card)).toBe(false);
  }
});
