import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findingFeedback } from '../../blocks/finding-feedback.ts';
import { planCard } from '../../blocks/plan-card.ts';
import { progressPlan } from '../../blocks/progress-plan.ts';
import type { MessageView } from '../../blocks/slack.ts';
import { incident, links, plan, shown } from '../../blocks/testing.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { hand, startForTest } from '../sandbox/slack/testing.ts';
import { testClient } from '../slack/testing.ts';
import { channel, opened, submit, told, type World, worldOf } from './testing.ts';

let slack: LocalSlack;
let world: World;

beforeEach(async () => {
  slack = await startForTest();
  world = worldOf(slack);
  await world.app.start();
});
afterEach(async () => {
  await world.app.stop();
  await slack.close();
});

async function post(view: MessageView, where = channel): Promise<string> {
  return (await testClient(slack).chat.postMessage({ channel: where, text: view.text, blocks: [...view.blocks] })).ts ?? '';
}

const card = (where = channel) =>
  post(
    planCard(shown, links, (id) => id),
    where,
  );
const click = (user: string, ts: string, action_id: string, more: object = {}) =>
  hand(slack, 'actions', { user, channel, ts, action_id, ...more });
const reference = { planId: plan.id, requestHash: shown.requestHash };

test('approving a medium plan votes at once and answers the voter alone', async () => {
  const ts = await card();
  const answer = await told(slack, 'alice', channel, () => click('alice', ts, 'plan.approve'));
  expect(world.votes.all).toEqual([
    {
      who: { kind: 'slack', team: slack.team.id, user: 'U0ALICE' },
      ...reference,
      verdict: 'approve',
      reason: null,
      channel: 'slack',
      place: 'elsewhere',
    },
  ]);
  expect(answer['text']).toContain('approved and runs now');
  expect(world.refreshed).toEqual([plan.id]);
});

test('approving a high plan asks for the reason first', async () => {
  world.state.plan = { ...shown, plan: { ...plan, tier: 'high' } };
  const ts = await card();
  const view = await opened(slack, 'alice', () => click('alice', ts, 'plan.approve'));
  expect(view['callback_id']).toBe('plan.reason');
  expect(world.votes.all).toEqual([]);
  const answer = await told(slack, 'alice', channel, () => submit(slack, 'alice', view, { reason: { value: 'checked with the owners' } }));
  expect(world.votes.all[0]).toMatchObject({ ...reference, verdict: 'approve', reason: 'checked with the owners' });
  expect(answer['text']).toContain('recorded');
});

test.each([
  ['plan.reject', 'plan.reason', 'reject'],
  ['plan.request_changes', 'plan.request_changes', 'request_changes'],
])('%s asks why in the modal %s and votes %s', async (action, callbackId, verdict) => {
  const ts = await card();
  const view = await opened(slack, 'alice', () => click('alice', ts, action));
  expect(view['callback_id']).toBe(callbackId);
  const voting = world.votes.next();
  expect((await submit(slack, 'alice', view, { reason: { value: 'wrong revision' } })).body).toEqual({ outcome: 'closed' });
  expect(await voting).toMatchObject({ ...reference, verdict, reason: 'wrong revision' });
});

test.each(['plan.approve', 'plan.reject', 'plan.request_changes'])(
  'whoever may not answer is told so at once by %s, and is not asked why',
  async (action) => {
    world.state.plan = { ...shown, plan: { ...plan, tier: 'high' } };
    world.state.choices = [];
    world.state.outcome = { kind: 'refused', code: 'not_allowed', message: 'You asked for this plan yourself.' };
    const answer = await told(slack, 'alice', channel, async () => click('alice', await card(), action));
    expect(answer['text']).toBe('You asked for this plan yourself.');
    expect(slack.ledger().some(({ method }) => method === 'views.open')).toBe(false);
    expect(world.votes.all).toHaveLength(1);
  },
);

test('a refused vote is said in the modal, which stays open', async () => {
  world.state.outcome = { kind: 'refused', code: 'not_allowed', message: 'You asked for this plan yourself.' };
  const view = await opened(slack, 'alice', async () => click('alice', await card(), 'plan.reject'));
  expect((await submit(slack, 'alice', view, { reason: { value: 'no' } })).body).toEqual({
    outcome: 'errors',
    errors: { reason: 'You asked for this plan yourself.' },
  });
});

test('a vote that could not be recorded says so and changes nothing', async () => {
  world.state.outcome = new Error('the store is away');
  const ts = await card();
  expect((await told(slack, 'alice', channel, () => click('alice', ts, 'plan.approve')))['text']).toContain('try again');
  const view = await opened(slack, 'alice', () => click('alice', ts, 'plan.reject'));
  expect((await submit(slack, 'alice', view, { reason: { value: 'no' } })).body).toMatchObject({ outcome: 'errors' });
  expect(world.refreshed).toEqual([]);
});

test('a click on an old button carries the old hash to the vote path, whose refusal is shown', async () => {
  world.state.outcome = { kind: 'refused', code: 'stale', message: 'This plan was replaced.' };
  const ts = await card();
  const value = JSON.stringify({ p: plan.id, h: '0'.repeat(64) });
  const answer = await told(slack, 'alice', channel, () => click('alice', ts, 'plan.approve', { stale: true, value }));
  expect(world.votes.all[0]?.requestHash).toBe('0'.repeat(64));
  expect(answer['text']).toBe('This plan was replaced.');
});

test('a button with a made-up value votes for nothing', async () => {
  const ts = await card();
  const answer = await told(slack, 'alice', channel, () => click('alice', ts, 'plan.approve', { stale: true, value: 'rm -rf' }));
  expect(answer['text']).toContain('did not work');
  expect(world.votes.all).toEqual([]);
});

describe('where a vote was cast', () => {
  async function votedOn(where: string, threadTs?: string): Promise<unknown> {
    const { text, blocks } = planCard(shown, links, (id) => id);
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
    const { ts } = await testClient(slack).chat.postMessage({ channel: where, text, blocks: [...blocks], ...thread });
    const voting = world.votes.next();
    await hand(slack, 'actions', { user: 'alice', channel: where, ts, action_id: 'plan.approve' });
    return (await voting).place;
  }
  const root = async () => (await testClient(slack).chat.postMessage({ channel, text: 'root' })).ts ?? '';

  test("is the incident's own thread, or another one", async () => {
    const own = await root();
    world.state.incident = { ...incident, slack: { team: slack.team.id, channel, threadTs: own } };
    expect(await votedOn(channel, own)).toBe('thread');
    expect(await votedOn(channel, await root())).toBe('elsewhere');
    expect(await votedOn(channel)).toBe('elsewhere');
  });

  test('is a direct message, save where the incident itself is one', async () => {
    expect(await votedOn('D0ALICE')).toBe('direct');
    const { ts = '' } = await testClient(slack).chat.postMessage({ channel: 'D0ALICE', text: 'root' });
    world.state.incident = { ...incident, slack: { team: slack.team.id, channel: 'D0ALICE', threadTs: ts } };
    expect(await votedOn('D0ALICE', ts)).toBe('thread');
  });

  test('is kept through the modal that asks for the reason', async () => {
    const ts = await post(
      planCard(shown, links, (id) => id),
      'D0ALICE',
    );
    const view = await opened(slack, 'alice', () =>
      hand(slack, 'actions', { user: 'alice', channel: 'D0ALICE', ts, action_id: 'plan.reject' }),
    );
    const voting = world.votes.next();
    await submit(slack, 'alice', view, { reason: { value: 'wrong revision' } });
    expect(await voting).toMatchObject({ verdict: 'reject', place: 'direct' });
  });
});

test('a guest does not vote, and it is audited', async () => {
  const ts = await card();
  const answer = await told(slack, 'gil', channel, () => click('gil', ts, 'plan.approve'));
  expect(answer['text']).toContain('Guests');
  expect(world.votes.all).toEqual([]);
  expect(world.refused.all).toMatchObject([{ what: 'vote', code: 'guest' }]);
});

test('somebody of another workspace does not vote, even if mapped to a person', async () => {
  const ts = await card('C0PARTNER');
  const answer = await told(slack, 'frida', 'C0PARTNER', () =>
    hand(slack, 'actions', { user: 'frida', channel: 'C0PARTNER', ts, action_id: 'plan.approve' }),
  );
  expect(answer['text']).toContain('another workspace');
  expect(world.votes.all).toEqual([]);
});

test('details open in a modal', async () => {
  const view = await opened(slack, 'bob', async () => click('bob', await card(), 'plan.details'));
  expect(JSON.stringify(view)).toContain(shown.requestHash);
});

test('cancelling needs a role that does more than look', async () => {
  const ts = await post(progressPlan({ incidentId: 'inc-1', headline: 'Looking', tasks: [], open: true }));
  const refused = await told(slack, 'bob', channel, () => click('bob', ts, 'incident.cancel'));
  expect(refused['text']).toContain('responder, approver or admin');
  await told(slack, 'alice', channel, () => click('alice', ts, 'incident.cancel'));
  expect(world.cancelled.all).toEqual([{ id: 'inc-1', by: 'alice' }]);
});

test('feedback on findings is recorded', async () => {
  const ts = await post({ text: 'findings', blocks: [findingFeedback('inc-1')] });
  const arriving = world.feedback.next();
  await click('alice', ts, 'finding.feedback', { value: JSON.stringify({ i: 'inc-1', v: 'up' }) });
  expect(await arriving).toEqual({ who: { team: slack.team.id, user: 'U0ALICE' }, incidentId: 'inc-1', verdict: 'up' });
});
