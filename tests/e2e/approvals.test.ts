import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasAction, type SeenMessage } from '../../bot/sandbox/slack/hands.ts';
import { decisionOf } from '../../bot/store/fixtures.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import { requestHash } from '../../workflows/request-hash.ts';
import { channels, eventually, type Settled, slackUser, startTestSystem, type TestSystem, type Thread, textOf } from './system.ts';

let system: TestSystem;

/** Production asks for two approvals. */
beforeAll(async () => {
  system = await startTestSystem({ scenario: 'quorum' });
});
afterAll(() => system?.stop());

async function waiting(): Promise<{ thread: Thread; incident: Settled['incident']; stored: StoredPlan; card: SeenMessage }> {
  const thread = await system.mention('erin', channels.incidents, 'checkout is failing since the last deploy');
  const { incident, plan } = await system.incident(thread, (_, candidate) => candidate?.state === 'pending');
  if (plan === null) throw new Error('no plan');
  const card = await system.hands.until(slackUser('alice'), thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
  return { thread, incident, stored: plan, card };
}

const click = (user: string, message: Pick<SeenMessage, 'channel' | 'ts'>, more: object = {}) =>
  system.ui('/ui/actions', { user: slackUser(user), channel: message.channel, ts: message.ts, action_id: 'plan.approve', ...more });

/** In the direct message with the app: the list of what waits, with the buttons of one plan. */
async function approvesDirectly(user: string, { plan, requestHash: hash }: StoredPlan): Promise<void> {
  const direct = { channel: `D0${user.toUpperCase()}` };
  await system.ui('/ui/commands', { user: slackUser(user), ...direct, command: '/watchkeeper', text: 'approvals' });
  const list = await system.see(user, direct, plan.id, 'plan.approve');
  const button = (list.blocks ?? []).find(({ block_id }) => String(block_id).includes(plan.id));
  expect(JSON.stringify(button)).toContain(hash);
  expect((await click(user, { ...list, ...direct }, { block_id: button?.['block_id'] })).status).toBe(200);
}

test('a plan that a newer one replaced answers a click in words, and its card loses its buttons', async () => {
  const { thread, stored, card } = await waiting();
  const newer = { ...stored.plan, id: randomUUID(), nonce: 'made up' };
  await system.core.store.plans.save(newer, requestHash(newer), decisionOf(newer));
  await click('alice', card);
  await system.see('alice', thread, 'A newer plan has taken its place');
  const settled = await system.see('alice', thread, 'Replaced by a newer plan: nothing was changed');
  expect(settled.ts).toBe(card.ts);
  expect(hasAction(settled, 'plan.approve')).toBe(false);
});

test('votes from direct messages are said in the thread before anything runs, and nothing runs while they cannot be', async () => {
  const { thread, incident, stored } = await waiting();
  await approvesDirectly('alice', stored);
  const first = await system.see('erin', thread, 'Alice Ndiaye approved by a direct message (1 of 2)');
  const { faults } = system.slack;
  faults.httpError('chat.postMessage', 1_000_000);
  const failures = () => system.slack.ledger().filter(({ method, outcome }) => method === 'chat.postMessage' && outcome === 'http_500');
  await approvesDirectly('bob', stored);
  const { id } = stored.plan;
  await eventually('an approved plan', async () => (await system.core.store.plans.get(id)).state === 'approved');
  await eventually(
    'attempts to say so',
    async () => failures().filter(({ arguments: { text } }) => String(text).includes('Bob')).length > 5,
  );
  expect((await system.core.store.plans.get(id)).state).toBe('approved');
  expect(system.parts.estate?.ledger().filter(({ dryRun }) => !dryRun)).toEqual([]);
  faults.clear();
  const second = await system.see('erin', thread, 'Bob Lindqvist approved by a direct message (2 of 2)');
  await system.incident(thread, ({ state, outcome }) => state === 'closed' && outcome === 'resolved');
  const started = await system.core.store.audit.list({ incidentId: incident.id, kind: 'plan.executing' }, 0, 10);
  expect(started).toHaveLength(1);
  for (const { ts } of [first, second]) expect(Number(ts) * 1000).toBeLessThan(Date.parse(started[0]?.body.at ?? ''));
  const said = (await system.read('erin', thread)).filter((message) => textOf(message).includes('by a direct message'));
  expect(said).toHaveLength(2);
});
