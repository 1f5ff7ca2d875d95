import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasAction } from '../../bot/sandbox/slack/hands.ts';
import { channels, type Settled, slackUser, startTestSystem, type TestSystem, type Thread } from './system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ scenario: 'bad-rollout' });
});
afterAll(() => system?.stop());

interface Waiting extends Settled {
  readonly thread: Thread;
  approve(): Promise<void>;
}

async function untilPlanWaits(): Promise<Waiting> {
  const thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy.');
  const settled = await system.incident(thread, (_, plan) => plan?.state === 'pending');
  return {
    ...settled,
    thread,
    async approve() {
      const alice = slackUser('alice');
      const card = await system.hands.until(alice, thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
      await system.hands.click(alice, card, 'plan.approve');
    },
  };
}

const closed = ({ thread }: Waiting) => system.incident(thread, (incident) => incident.state === 'closed');

/** Writes that took effect in the simulated estate. */
const undos = () => (system.parts.estate?.ledger() ?? []).filter(({ argv }) => argv.includes('undo') && !argv.includes('--dry-run=server'));

test('an incident that is cancelled while its plan waits ends, and nothing runs', async () => {
  const waiting = await untilPlanWaits();
  expect(await system.core.incidents.cancel(waiting.incident.id, 'erin')).toBe(true);
  const { incident, plan } = await closed(waiting);
  expect(incident.outcome).toBe('cancelled');
  expect(plan?.state).toBe('cancelled');
  expect(undos()).toEqual([]);
});

test('a target that was changed since the approval was asked for stops the change, says how, and is asked for anew', async () => {
  const waiting = await untilPlanWaits();
  const approved = waiting.plan?.plan.id;
  system.parts.estate?.apply({
    type: 'rollout',
    deployment: 'checkout',
    image: 'registry.shop.example/shop/checkout:1.8.1',
    changeCause: 'hotfix',
  });
  await waiting.approve();
  await system.see('alice', waiting.thread, 'Stopped: nothing was changed', 'changed since the approval', '- revision: 8', 'ask anew');
  const again = await system.incident(waiting.thread, (_, plan) => plan?.state === 'pending' && plan.plan.id !== approved);
  expect(await system.core.store.plans.get(approved ?? '')).toMatchObject({ state: 'stopped', steps: [{ state: 'failed', output: null }] });
  expect(again.plan?.votes).toEqual([]);
  expect(undos()).toEqual([]);
  await system.core.incidents.cancel(again.incident.id, 'erin');
  expect((await closed(waiting)).incident.outcome).toBe('cancelled');
});

test('a change that is cancelled while it is verified is undone, with evidence', async () => {
  const waiting = await untilPlanWaits();
  await waiting.approve();
  await system.incident(waiting.thread, () => undos().length === 1);
  expect(await system.core.incidents.cancel(waiting.incident.id, 'erin')).toBe(true);
  const { incident, plan } = await closed(waiting);
  expect(incident.outcome).toBe('rolled_back');
  expect(plan?.steps).toMatchObject([
    { state: 'rolled_back', rollbackOutput: expect.any(String), rollbackVerification: expect.any(String) },
  ]);
  expect(undos()).toHaveLength(2);
});
