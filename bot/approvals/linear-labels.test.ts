import { LinearClient } from '@linear/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../workflows/contracts/plan.ts';
import { createLinearClient } from '../mirrors/linear/client.ts';
import { silent, testRedactor } from '../store/testing.ts';
import { createLinearIssues } from './linear-issue.ts';
import { createLinearLabels } from './linear-labels.ts';
import { startReconciliation } from './linear-reconciliation.ts';
import { createLabelBench, directory, type LabelBench } from './linear-testing.ts';

const approved = 'assistant:approved';
const rejected = 'assistant:rejected';
const pendingLabel = 'assistant:approval-pending';
const two: Partial<Plan> = { tier: 'high', approval: { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] } };

let bench: LabelBench;
beforeAll(async () => {
  bench = await createLabelBench();
});
afterAll(() => bench.close());

const refusals = async (issue: string) => (await bench.comments(issue)).filter((body) => body.includes('Label not counted'));

describe('a label of an approver', () => {
  test('approves: one vote by way of Linear, and the label stays', async () => {
    const { plan, issue } = await bench.propose();
    expect(await bench.on(issue)).toEqual([pendingLabel]);
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    const { state, votes } = await bench.store.plans.get(plan.id);
    expect(state).toBe('approved');
    expect(votes).toMatchObject([{ person: 'ann', channel: 'linear', verdict: 'approve' }]);
    expect(await bench.on(issue)).toEqual([approved]);
    expect(await refusals(issue)).toEqual([]);
  });

  test('rejects, for good', async () => {
    const { plan, issue } = await bench.propose(two);
    await bench.label('ben', issue, { add: rejected });
    await bench.settled();
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    expect(await bench.stateOf(plan.id)).toBe('rejected');
    expect(await bench.on(issue)).toEqual([rejected]);
    expect(await refusals(issue)).toEqual([expect.stringContaining('It is rejected already')]);
  });

  test('that does not decide yet is taken off again, with the count, and the next one decides', async () => {
    const { plan, issue } = await bench.propose(two);
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    expect(await bench.on(issue)).toEqual([pendingLabel]);
    expect(await bench.comments(issue)).toContainEqual(expect.stringContaining('**1 of 2 approvals**: ann'));
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    expect(await bench.stateOf(plan.id)).toBe('pending');
    await bench.label('ben', issue, { add: approved });
    await bench.settled();
    expect(await bench.stateOf(plan.id)).toBe('approved');
    expect((await bench.store.plans.get(plan.id)).votes.map(({ person }) => person)).toEqual(['ann', 'ben']);
    expect(await bench.on(issue)).toEqual([approved]);
  });

  test('and then the state of the request: executing, done', async () => {
    const { plan, issue } = await bench.propose();
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    await bench.store.plans.settle(plan.id, { kind: 'start' }, 'go');
    await bench.settled();
    expect(await bench.on(issue)).toEqual(['assistant:executing']);
    await bench.store.plans.settle(plan.id, { kind: 'end', outcome: 'rolled_back' }, 'it did not help');
    await bench.settled();
    expect(await bench.on(issue)).toEqual(['assistant:rolled-back']);
    expect(await refusals(issue)).toEqual([]);
  });
});

test('a second label of what was decided elsewhere does not count, and stays as the state that is shown', async () => {
  const { plan, issue } = await bench.propose();
  await bench.unmirror();
  await bench.store.plans.settle(plan.id, { kind: 'answer', verdict: 'reject', quorum: false }, 'in Slack');
  await bench.label('ben', issue, { add: rejected });
  bench.mirror();
  await bench.settled();
  expect(await bench.on(issue)).toEqual([rejected]);
  expect(await refusals(issue)).toEqual([expect.stringContaining('It is rejected already')]);
});

test('a label that the mirror takes off, because it was behind, is a vote still', async () => {
  const { plan, issue, incidentId } = await bench.propose();
  await bench.unmirror();
  await bench.store.incidents.transition(incidentId, 'awaiting_approval');
  bench.linear.webhooks.drop(2);
  await bench.label('ann', issue, { add: approved });
  bench.mirror();
  await bench.settled();
  expect(await bench.on(issue)).toEqual([pendingLabel]);
  await bench.labels.reconcile();
  expect(await bench.stateOf(plan.id)).toBe('approved');
});

describe('taken off, answered in words, audited, and without effect: a label', () => {
  test.each([
    ['of an app, mapped or not', 'robot', 'an app'],
    ['of a guest', 'gus', 'a guest'],
    ['of an integration', 'integration', 'integrations and automations'],
    ['of nobody', 'nobody', 'integrations and automations'],
    ['of somebody whom no configuration knows', 'nils', 'I do not know who you are'],
    ['of a viewer', 'vic', 'You cannot answer this'],
    ['of the requester', 'rita', 'You cannot answer this'],
  ])('%s', async (_, user, words) => {
    const { plan, issue } = await bench.propose();
    await bench.label(user, issue, { add: approved });
    await bench.settled();
    expect(await bench.store.plans.get(plan.id)).toMatchObject({ state: 'pending', votes: [] });
    expect(await bench.on(issue)).toEqual([pendingLabel]);
    expect(await refusals(issue)).toEqual([expect.stringContaining(words)]);
    expect(await bench.audited(plan.id, 'vote.refused')).toMatchObject([{ channel: 'linear', verdict: 'approve' }]);
  });

  test('older than the request', async () => {
    const on = await bench.open();
    bench.linear.webhooks.drop(1);
    await bench.label('ann', on.issue, { add: approved });
    const { plan, issue } = await bench.propose({}, on);
    expect(await bench.store.plans.get(plan.id)).toMatchObject({ state: 'pending', votes: [] });
    expect(await bench.on(issue)).toEqual([pendingLabel]);
    expect(await refusals(issue)).toEqual([expect.stringContaining('before the request')]);
  });

  test('for another plan than the one that is up for approval', async () => {
    const { incidentId, issue, plan: first } = await bench.propose();
    await bench.unmirror();
    const second = await bench.save(incidentId);
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    expect(await bench.store.plans.get(second.id)).toMatchObject({ state: 'pending', votes: [] });
    expect(await refusals(issue)).toEqual([expect.stringContaining('This is not the plan that is up for approval')]);
    bench.mirror();
    await bench.settled();
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    expect(await bench.stateOf(first.id)).toBe('superseded');
    expect(await bench.stateOf(second.id)).toBe('approved');
  });

  test('in an incident without a plan', async () => {
    const { issue } = await bench.open();
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    expect(await bench.on(issue)).toEqual([]);
    expect(await refusals(issue)).toEqual([expect.stringContaining('No plan was proposed')]);
  });

  test('that no history explains, once the history had its time', async () => {
    const { incidentId } = await bench.propose();
    const client = createLinearClient(bench.linear);
    const id = (await client.labelIds([approved])).get(approved) ?? '';
    const sdk = new LinearClient({ apiKey: bench.linear.apiKey, apiUrl: bench.linear.apiUrl });
    const teamId = (await sdk.teams()).nodes[0]?.id ?? '';
    const issueId = (await sdk.createIssue({ teamId, title: 'made with the label on', labelIds: [id] })).issueId ?? '';
    await bench.store.mirrorLinks.put({ incidentId, sink: 'linear', externalId: issueId, url: null });
    await expect(bench.labels.settle(issueId)).rejects.toMatchObject({ code: 'peer_unavailable' });
    const votes = { cast: () => Promise.reject(new Error('no vote is to be cast')) };
    const later = { ...bench.store, now: () => new Date(Date.now() + 120_000) };
    const issues = createLinearIssues(bench.linear);
    await createLinearLabels({ store: later, votes, directory, issues, linear: client, redact: testRedactor, log: silent }).settle(issueId);
    expect((await sdk.issue(issueId)).labelIds).toEqual([]);
    expect((await (await sdk.issue(issueId)).comments()).nodes.map(({ body }) => body)).toEqual([
      expect.stringContaining('does not show who'),
    ]);
  });
});

describe('webhooks decide nothing:', () => {
  test('the same one three times is one vote', async () => {
    const { plan, issue } = await bench.propose(two);
    bench.linear.webhooks.repeat(1, 3);
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    expect(await bench.audited(plan.id, 'vote.recorded')).toHaveLength(1);
    expect((await bench.comments(issue)).filter((body) => body.includes('1 of 2'))).toHaveLength(1);
  });

  test('out of order, the label that was taken back does not count', async () => {
    const { plan, issue } = await bench.propose();
    bench.linear.webhooks.reverse(2);
    await bench.label('ann', issue, { add: approved });
    await bench.label('ann', issue, { remove: approved });
    await bench.settled();
    expect(await bench.store.plans.get(plan.id)).toMatchObject({ state: 'pending', votes: [] });
    expect(await refusals(issue)).toEqual([]);
  });

  test('a label whose webhook never came is found by the next look', async () => {
    const { plan, issue } = await bench.propose();
    bench.linear.webhooks.drop(1);
    await bench.label('ann', issue, { add: approved });
    await bench.settled();
    expect(await bench.stateOf(plan.id)).toBe('pending');
    const reconciliation = startReconciliation(bench.labels, silent, 50);
    await expect.poll(() => bench.stateOf(plan.id)).toBe('approved');
    await reconciliation.stop();
  });

  test.each(['commentCreate', 'issueUpdate', 'issues'])('Linear fails at %s: the answer is there once, later', async (operation) => {
    const { plan, issue } = await bench.propose();
    await bench.unmirror();
    bench.linear.faults.serverError(operation, 2);
    await bench.label('integration', issue, { add: approved });
    await bench.settled();
    expect(await refusals(issue)).toHaveLength(1);
    expect(await bench.on(issue)).toEqual([pendingLabel]);
    expect(await bench.audited(plan.id, 'vote.refused')).toHaveLength(1);
    bench.mirror();
  });

  test('looks at the same time answer once', async () => {
    const { plan, issue } = await bench.propose();
    bench.linear.webhooks.drop(1);
    await bench.label('integration', issue, { add: approved });
    await Promise.all([1, 2, 3, 4].map(() => bench.labels.reconcile()));
    await bench.settled();
    expect(await bench.audited(plan.id, 'vote.refused')).toHaveLength(1);
    expect(await refusals(issue)).toHaveLength(1);
  });
});
