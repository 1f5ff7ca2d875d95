import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readable } from '../../blocks/testing.ts';
import { contentHash } from '../../tools/canonical.ts';
import type { Deps } from '../../workflows/activities/deps.ts';
import { createReportActivities } from '../../workflows/activities/report.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Plan, Vote } from '../../workflows/contracts/plan.ts';
import { createPages } from '../pages.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import { alice, decisionOf, newIncident, observationOf, planOf, voteOf } from '../store/fixtures.ts';
import { inTransaction } from '../store/pool.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { insertVote } from '../store/votes.ts';
import { chatOf, silent, testClient } from './testing.ts';

const channel = 'C0INCIDENTS';
const people = ['alice', 'bob'].map((id) => ({ id, name: `${id} of the shop`, roles: ['approver'] }));
const minute = 60_000;

let db: TestDatabase;
let store: Store;
let slack: LocalSlack;
let incident: Incident;
let at: number;
let report: ReturnType<typeof createReportActivities>;

beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());
beforeEach(async () => {
  slack = await startForTest();
  const { ts = '' } = await testClient(slack).chat.postMessage({ channel, text: 'root' });
  const thread = { team: slack.team.id, channel, threadTs: ts };
  ({ incident } = await store.incidents.open(newIncident({ slack: thread, requester: 'erin' }), alice));
  at = Date.now();
  const pages = createPages(db.pool, store.record);
  const estate = { sites: [], services: [], people };
  const deps = { ...store, chat: chatOf(slack).chat, pages, estate, now: () => new Date(at), log: silent };
  report = createReportActivities(deps as unknown as Deps);
});
afterEach(() => slack.close());

async function proposed(change: Partial<Plan> = {}): Promise<Plan> {
  const plan = planOf(incident.id, await store.observations.put(observationOf(incident.id)), change);
  await store.plans.save(plan, contentHash(plan), decisionOf(plan));
  return plan;
}

const vote = (plan: Plan, person: string, change: Partial<Vote>) =>
  inTransaction(db.pool, (tx) => insertVote(tx, voteOf(plan, person, change)));
const texts = async (where: string, query = '') =>
  (await messagesOf(slack, where, query)).map((message) => readable({ blocks: (message['blocks'] as unknown[]) ?? [] }));
const thread = async () => (await texts(channel, `?thread_ts=${incident.slack?.threadTs}`)).slice(1);

test('a change that could not be undone pages whoever is on call, once, with a list of what is left', async () => {
  const plan = await proposed();
  const step = {
    planId: plan.id,
    stepId: 's1',
    before: null,
    output: null,
    verification: null,
    rollbackOutput: null,
    rollbackVerification: null,
  };
  await store.plans.settle(plan.id, { kind: 'answer', verdict: 'approve', quorum: true }, 'made up');
  await store.plans.settle(plan.id, { kind: 'start' }, 'made up');
  await store.plans.recordStep({ ...step, state: 'rollback_failed', reason: 'still on revision 2' });
  for (let call = 0; call < 2; call += 1) await report.closeIncident(incident.id, 'failed', 'It could not be undone.', plan.id);
  const [page, ...more] = await store.audit.list({ incidentId: incident.id, kind: 'person.paged' }, 0, 10);
  expect(more).toEqual([]);
  expect(page?.data).toMatchObject({
    key: `not-undone:${plan.id}`,
    targets: 'on_call',
    message: expect.stringMatching(/a person must look\. Left as it is: s1 \(kubernetes\.\w+\): still on revision 2$/),
  });
});

describe('a card', () => {
  test('that a newer plan replaces loses its buttons, and says so', async () => {
    const old = await proposed();
    await report.refreshCard(old.id);
    const next = await proposed();
    await report.refreshCard(next.id);
    const [first, second, ...more] = await thread();
    expect(more).toEqual([]);
    expect(first).toContain('Replaced by a newer plan: nothing was changed');
    expect(first).not.toContain('plan.approve');
    expect(second).toContain('[Approve] plan.approve');
  });

  test('that nobody refreshed is settled when the incident closes', async () => {
    const plan = await proposed();
    await report.refreshCard(plan.id);
    await store.plans.settle(plan.id, { kind: 'break' }, 'a part broke');
    await report.closeIncident(incident.id, 'failed', 'A part broke.', plan.id);
    const [card, result] = await thread();
    expect(card).toContain('Failed: a person must look');
    expect(card).not.toContain('plan.approve');
    expect(result).toContain('A part broke.');
  });
});

describe('reminders', () => {
  test('go to those who may approve and have not answered, at half time and shortly before the end, once each', async () => {
    const plan = await proposed({ approval: { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] } });
    const remindAfter = async (minutes: number) => {
      at = Date.parse(plan.createdAt) + minutes * minute;
      for (let i = 0; i < 2; i += 1) await report.remind(plan.id);
    };
    await remindAfter(15);
    await vote(plan, 'alice', { place: 'direct' });
    await remindAfter(25);
    expect(await thread()).toEqual([
      expect.stringContaining('Still waiting for 2 approvals: <@U0ALICE>, <@U0BOB>. In 15 minutes'),
      expect.stringContaining('Still waiting for 1 approval: <@U0BOB>. In 5 minutes'),
    ]);
    expect(await texts('D0ALICE')).toHaveLength(1);
    const paged = await store.audit.list({ incidentId: incident.id, kind: 'person.paged' }, 0, 10);
    expect(paged.map(({ body }) => body.data['key'])).toEqual([`last-call:${plan.id}`]);
  });

  test('are not sent for a plan that is decided', async () => {
    const plan = await proposed();
    await store.plans.settle(plan.id, { kind: 'cancel' }, 'cancelled');
    await report.remind(plan.id);
    expect(await thread()).toEqual([]);
  });
});

describe('votes that were cast elsewhere', () => {
  test('are said in the thread once, those on the card are not', async () => {
    const plan = await proposed({ approval: { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] } });
    await vote(plan, 'alice', { place: 'thread' });
    await vote(plan, 'bob', { place: 'direct', reason: 'looks <!channel> right' });
    for (let i = 0; i < 2; i += 1) await report.mirrorVotes(plan.id);
    expect(await thread()).toEqual(['bob of the shop approved by a direct message (2 of 2): looks &lt;!channel&gt; right']);
  });

  test('wait for Slack while it is away', async () => {
    const plan = await proposed();
    await vote(plan, 'bob', { channel: 'linear', place: 'elsewhere' });
    slack.faults.httpError('chat.postMessage', 1);
    await expect(report.mirrorVotes(plan.id)).rejects.toMatchObject({ code: 'slack_unavailable' });
    await report.mirrorVotes(plan.id);
    expect(await thread()).toEqual(['bob of the shop approved in Linear (1 of 1)']);
  });

  test('hold up nothing where Slack refuses for good', async () => {
    const plan = await proposed();
    await vote(plan, 'bob', { place: 'home' });
    const archived = { ...incident, slack: { team: slack.team.id, channel: 'C0ARCHIVED', threadTs: '1.000001' } };
    const deps = { ...store, incidents: { get: async () => archived }, chat: chatOf(slack).chat, estate: { people }, log: silent };
    await createReportActivities(deps as unknown as Deps).mirrorVotes(plan.id);
    expect(slack.ledger().at(-1)).toMatchObject({ method: 'chat.postMessage', outcome: 'channel_not_found' });
  });
});
