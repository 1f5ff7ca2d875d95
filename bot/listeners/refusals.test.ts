import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readable } from '../../blocks/testing.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { contentHash } from '../../tools/canonical.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Plan } from '../../workflows/contracts/plan.ts';
import { createVotes } from '../approvals/votes.ts';
import type { Person } from '../config-file.ts';
import { createDirectory } from '../people.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { people as members, messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import type { Json } from '../sandbox/slack/types.ts';
import { chatOf, testClient } from '../slack/testing.ts';
import { alice, decisionOf, newIncident, observationOf, planOf } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import type { SlackApp } from './app.ts';
import { told, worldOf } from './testing.ts';

/** Each refusal of a click, by its name: the real vote path and the real cards behind the listeners. */

const channel = 'C0PARTNER';
const rachel = { id: 'U0RACHEL', handle: 'rachel', name: 'Rachel Requester', email: 'rachel@shop.example' };
const robot = { id: 'U0ROBOT', handle: 'robot', name: 'Robot', email: 'robot@shop.example', bot: true };

let db: TestDatabase;
let store: Store;
let slack: LocalSlack;
let app: SlackApp;
let incident: Incident;
let chat: ReturnType<typeof chatOf>['chat'];

beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());

function listed(team: string): Person[] {
  const accounts = { alice: 'U0ALICE', rachel: 'U0RACHEL', gil: 'U0GUEST', gone: 'U0GONE', robot: 'U0ROBOT' };
  const approvers = Object.entries(accounts).map(([id, user]) => ({ id, name: id, roles: ['approver' as const], slack: { team, user } }));
  return [
    ...approvers,
    { id: 'bob', name: 'Bob', roles: ['viewer'], slack: { team, user: 'U0BOB' } },
    { id: 'frida', name: 'Frida', roles: ['approver'], slack: { team: 'T0PARTNER', user: 'U0FRIDA' } },
  ];
}

beforeEach(async () => {
  slack = await startForTest({ people: [...members, rachel, robot] });
  const built = chatOf(slack);
  const directory = createDirectory(listed(slack.team.id));
  const votes = createVotes({ pool: db.pool, store, policy: await loadCommittedPolicy(), directory });
  const refreshCard = async (id: string) => {
    const stored = await store.plans.get(id);
    await built.chat.card(await store.incidents.get(stored.plan.incidentId), stored);
  };
  const reads = {
    plan: (id: string) => store.plans.get(id),
    incident: (id: string) => store.incidents.get(id),
    openIncidents: async () => [],
    siteRunners: async () => [],
    pendingPlans: () => store.plans.pending(20),
  };
  chat = built.chat;
  app = worldOf(slack, undefined, { directory, votes, reads, refreshCard, poster: built.poster }).app;
  await app.start();
  const { ts = '' } = await testClient(slack).chat.postMessage({ channel, text: 'root' });
  const thread = { team: slack.team.id, channel, threadTs: ts };
  ({ incident } = await store.incidents.open(newIncident({ slack: thread, requester: 'rachel' }), alice));
});
afterEach(async () => {
  await app.stop();
  await slack.close();
});

const approval = { needed: 1, roles: ['approver', 'admin'], excludeRequester: true, groups: [] };

async function carded(change: Partial<Plan> = {}): Promise<{ plan: Plan; ts: unknown; value: string }> {
  const before = await store.observations.put(observationOf(incident.id));
  const plan = planOf(incident.id, before, { approval, ...change });
  const requestHash = contentHash(plan);
  await store.plans.save(plan, requestHash, decisionOf(plan));
  await chat.card(incident, await store.plans.get(plan.id));
  return { plan, ts: (await thread()).at(-1)?.['ts'], value: JSON.stringify({ p: plan.id, h: requestHash }) };
}

const thread = () => messagesOf(slack, channel, `?thread_ts=${incident.slack?.threadTs}`);

/** What the person is told in the thread of the card. */
async function clicked(user: string, ts: unknown, actionId = 'plan.approve', more: Json = {}): Promise<unknown> {
  const click = { user, channel, ts, action_id: actionId, ...more };
  const send = () =>
    fetch(`${slack.url}/ui/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(click),
    });
  const answer = await told(slack, user, channel, send);
  expect(answer).toMatchObject({ is_ephemeral: true, thread_ts: incident.slack?.threadTs });
  return answer['text'];
}

/** A click that the page does not let that account make. */
async function clickedBy(user: string, ts: unknown, value: string): Promise<unknown> {
  const { team } = slack;
  const message = { ts, thread_ts: incident.slack?.threadTs };
  const action = { type: 'button', action_id: 'plan.approve', block_id: 'b', value };
  const base = { type: 'block_actions', user: { id: user, team_id: team.id }, team, trigger_id: 't' };
  await app.app.processEvent({ body: { ...base, channel: { id: channel }, message, actions: [action] }, ack: async () => undefined });
  const said = slack.ledger().findLast(({ method }) => method === 'chat.postEphemeral');
  expect(said?.arguments).toMatchObject({ channel, user, thread_ts: incident.slack?.threadTs });
  return said?.arguments['text'];
}

const buttonsOf = async (ts: unknown) =>
  readable({ blocks: ((await thread()).find((message) => message['ts'] === ts)?.['blocks'] ?? []) as unknown[] }).match(/plan\.\w+/g);

test('a stale button', async () => {
  const { plan, ts } = await carded();
  const value = JSON.stringify({ p: plan.id, h: '0'.repeat(64) });
  expect(await clicked('alice', ts, 'plan.approve', { stale: true, value })).toBe(
    'This is not the plan that is up for approval. Look at its card again.',
  );
});

test('a settled plan, whose card loses its buttons then', async () => {
  const { plan, ts } = await carded();
  await store.plans.settle(plan.id, { kind: 'cancel' }, 'cancelled');
  expect(await buttonsOf(ts)).not.toBeNull();
  expect(await clicked('alice', ts)).toBe('It was cancelled.');
  expect(await buttonsOf(ts)).toBeNull();
});

test('a plan that a newer one replaced, whose card loses its buttons then', async () => {
  const { ts } = await carded();
  await carded();
  expect(await clicked('alice', ts)).toBe('A newer plan has taken its place.');
  expect(await buttonsOf(ts)).toBeNull();
});

test('an expired request', async () => {
  const { ts } = await carded({ createdAt: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-01T00:30:00.000Z' });
  expect(await clicked('alice', ts)).toBe('It has expired.');
});

test('no role for it', async () => {
  const { ts } = await carded();
  expect(await clicked('bob', ts)).toContain('voting takes the role responder, approver or admin');
  expect(await clicked('bob', ts, 'plan.reject')).toContain('voting takes the role responder, approver or admin');
});

test('the requester, who may reject', async () => {
  const { plan, ts } = await carded();
  expect(await clicked('rachel', ts)).toContain("the requester's own approval does not count");
  expect(await store.votes.list(plan.id)).toEqual([]);
});

test('a guest', async () => {
  const { ts } = await carded();
  expect(await clicked('gil', ts)).toContain('Guests of this workspace cannot do that');
  expect(await clicked('gil', ts, 'plan.reject')).toContain('Guests of this workspace cannot do that');
});

test('somebody of another workspace', async () => {
  const { ts } = await carded();
  expect(await clicked('frida', ts)).toContain('You are from another workspace');
});

test('a deactivated account', async () => {
  const { ts, value } = await carded();
  expect(await clickedBy('U0GONE', ts, value)).toBe('This account is deactivated.');
});

test('a bot', async () => {
  const { ts, value } = await carded();
  expect(await clickedBy('U0ROBOT', ts, value)).toBe('Bots cannot do that. Only people can.');
});

test('an account that nobody is mapped to', async () => {
  const { ts, value } = await carded();
  expect(await clickedBy('U0NOBODY', ts, value)).toContain('Slack did not say who you are');
});

test('and none of them is a vote', async () => {
  const { plan, ts } = await carded();
  for (const user of ['bob', 'rachel', 'gil', 'frida']) await clicked(user, ts);
  expect(await store.plans.get(plan.id)).toMatchObject({ state: 'pending', votes: [] });
  expect(await clicked('alice', ts)).toContain('The plan is approved and runs now');
});
