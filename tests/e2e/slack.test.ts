import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasAction, type SeenMessage } from '../../bot/sandbox/slack/hands.ts';
import {
  channels,
  eventually,
  type Place,
  type Settled,
  slackUser,
  startTestSystem,
  type TestSystem,
  type Thread,
  textOf,
} from './system.ts';

let system: TestSystem;
let thread: Thread;
let waiting: Settled;
let card: SeenMessage;

const ask = 'checkout is failing since the last deploy, customers see errors when they pay.';

/** One incident up to its waiting plan; the tests below go on from there, in their order. */
beforeAll(async () => {
  system = await startTestSystem({ scenario: 'bad-rollout' });
  thread = await system.mention('erin', channels.incidents, ask);
  waiting = await system.incident(thread, (_, plan) => plan?.state === 'pending');
  card = await system.hands.until(slackUser('alice'), thread.channel, thread.ts, (message) => hasAction(message, 'plan.approve'));
});
afterAll(() => system?.stop());

function plan() {
  if (waiting.plan === null) throw new Error('no plan');
  return waiting.plan;
}

function buttonValue(actionId: string): string {
  const actions = (card.blocks ?? []).flatMap((block) => (block['elements'] ?? []) as { action_id?: string; value?: string }[]);
  const value = actions.find(({ action_id }) => action_id === actionId)?.value;
  if (value === undefined) throw new Error(`the card has no ${actionId}`);
  return value;
}

const audit = (kind: string) => system.core.store.audit.list({ incidentId: waiting.incident.id, kind }, 0, 100);
const click = (user: string, more: object = {}) =>
  system.ui('/ui/actions', { user: slackUser(user), channel: card.channel, ts: card.ts, action_id: 'plan.approve', ...more });
/** What only this person sees there. */
const told = (user: string, text: string, where: Place = thread) => system.see(user, where, text);
const votes = () => system.core.store.votes.list(plan().plan.id);

test('the thread has the first reply, then the progress, the findings and the card, in this order', async () => {
  const [finding] = await system.core.store.findings.listForIncident(waiting.incident.id);
  const texts = (await system.read('alice', thread)).map(textOf);
  const at = (text: string) => texts.findIndex((each) => each.includes(text));
  const order = [
    at(ask),
    at('Looking into it'),
    at('a cause was found'),
    at(finding?.title ?? 'no finding'),
    texts.findIndex((each) => each.includes('plan.approve')),
  ];
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(Math.min(...order), texts.join('\n\n')).toBeGreaterThanOrEqual(0);
});

test('the card shows the exact command line, the diff, and how it is verified and undone', () => {
  const step = plan().plan.steps[0];
  if (step?.via.kind !== 'cli') throw new Error('expected a command line');
  const shown = textOf(card);
  for (const argument of step.via.argv) expect(shown).toContain(argument);
  expect(shown).toContain('--to-revision=');
  expect(shown).toContain('-    Image:\\tregistry.shop.example/shop/checkout:1.8.0');
  expect(shown).toContain('+    Image:\\tregistry.shop.example/shop/checkout:1.7.1');
  for (const id of ['plan.approve', 'plan.request_changes', 'plan.reject', 'plan.details']) expect(hasAction(card, id), id).toBe(true);
});

test('what policy was asked on the way is on record, with the bundle that answered', async () => {
  const { bundle } = system.core.livePolicy.status();
  const decisions = await system.core.store.decisions.list({ incidentId: waiting.incident.id }, null, 200);
  const questions = decisions.map(({ question, verdict }) => `${question} ${verdict}`);
  expect(new Set(questions)).toEqual(new Set(['ask allow', 'read allow', 'plan needs_approval']));
  expect(questions.filter((question) => question === 'read allow').length).toBeGreaterThan(4);
  expect(new Set(decisions.map((decision) => decision.bundle))).toEqual(new Set([bundle]));
});

test('the requester cannot approve their own plan', async () => {
  await click('erin');
  await told('erin', 'You cannot answer this');
  expect(textOf((await system.read('alice', thread)).at(-1) ?? card)).not.toContain('You cannot answer this');
  expect(await votes()).toEqual([]);
});

test('a viewer cannot approve', async () => {
  await click('vera');
  await told('vera', 'You cannot answer this');
  expect(await votes()).toEqual([]);
});

test('a guest cannot approve', async () => {
  await click('gus');
  await told('gus', 'Guests of this workspace cannot do that');
  expect(await votes()).toEqual([]);
});

test('somebody of another company is refused where they are, whether they ask or vote', async () => {
  const asked = await system.mention('mallory', channels.partner, 'what runs in your cluster?');
  await told('mallory', 'You are from another workspace', { channel: channels.partner });
  const target = { channel: channels.partner, ts: asked.ts };
  await click('mallory', { ...target, stale: true, value: buttonValue('plan.approve') });
  await eventually('the refused vote', async () => (await audit('vote.refused')).some(({ body }) => body.actor.id.includes('MALLORY')));
  expect(await votes()).toEqual([]);
  expect(
    await system.core.store.incidents.byThread({ team: system.slack.team.id, channel: channels.partner, threadTs: asked.ts }),
  ).toBeNull();
});

test('in a channel shared with another company nothing is investigated, and that is said', async () => {
  const asked = await system.mention('erin', channels.partner, 'checkout fails, can you look?');
  await told('erin', 'This channel is shared', { channel: channels.partner });
  expect(
    await system.core.store.incidents.byThread({ team: system.slack.team.id, channel: channels.partner, threadTs: asked.ts }),
  ).toBeNull();
});

test('a mention without text is answered with help, and starts nothing', async () => {
  const asked = await system.mention('erin', channels.incidents, '');
  await system.see('erin', asked, 'Tell me what is wrong');
  expect(await system.core.store.incidents.byThread({ team: system.slack.team.id, channel: asked.channel, threadTs: asked.ts })).toBeNull();
});

test('an approval of another request than the one that waits is refused', async () => {
  const value = buttonValue('plan.approve').replace(plan().requestHash, 'f'.repeat(64));
  await click('alice', { stale: true, value });
  await told('alice', 'This is not the plan that is up for approval');
  expect(await votes()).toEqual([]);
});

test('a second click of the same person is the same vote, and the approved plan is executed, verified and reported', async () => {
  await Promise.all([click('alice'), click('alice', { stale: true, value: buttonValue('plan.approve') })]);
  const done = await system.incident(thread, ({ state }) => state === 'closed');
  expect(done.incident.outcome).toBe('resolved');
  expect(await votes()).toMatchObject([{ person: 'alice', verdict: 'approve', channel: 'slack' }]);
  expect(done.plan?.state).toBe('done');
  expect(done.plan?.steps).toMatchObject([{ state: 'done', rollbackOutput: null }]);
  const settled = await system.hands.until(
    slackUser('erin'),
    thread.channel,
    thread.ts,
    (message) => message.ts === card.ts && !hasAction(message, 'plan.approve'),
  );
  for (const id of ['plan.approve', 'plan.request_changes', 'plan.reject']) expect(hasAction(settled, id), id).toBe(false);
  await system.see('erin', thread, 'Resolved and verified');
});

test('the step has evidence before it, its own output, and a verification after it', async () => {
  const [step] = (await system.core.store.plans.get(plan().plan.id)).steps;
  const seen = await Promise.all(
    [step?.before, step?.output, step?.verification].map((id) => system.core.store.observations.get(id ?? 'missing')),
  );
  expect(seen.map(({ operation }) => operation)).toEqual(['kubernetes.rollout_state', 'kubernetes.rollout_undo', expect.any(String)]);
  expect(seen.every(({ status }) => status === 'ok')).toBe(true);
});

test('what the model of the shop says agrees: one write, and checkout runs the image before', () => {
  const { estate } = system.parts;
  const writes = estate?.ledger().filter(({ dryRun }) => !dryRun);
  expect(writes).toHaveLength(1);
  const checkout = estate?.state().deployments.find(({ name }) => name === 'checkout');
  expect(checkout?.template.container.image).toBe('registry.shop.example/shop/checkout:1.7.1');
});

test('every decision is audited: who asked, what was proposed, every refusal, the vote, the grant, the step, the end', async () => {
  const entries = await system.core.store.audit.list({ incidentId: waiting.incident.id }, 0, 1_000);
  const kinds = new Set(entries.map(({ body }) => body.kind));
  for (const kind of [
    'incident.opened',
    'plan.proposed',
    'vote.refused',
    'vote.recorded',
    'plan.approved',
    'plan.executing',
    'grant.issued',
    'grant.claimed',
    'plan.done',
    'incident.closed',
  ])
    expect([...kinds], kind).toContain(kind);
  const refused = entries.filter(({ body }) => body.kind === 'vote.refused').map(({ body }) => [body.actor.id, body.data['code']]);
  expect(refused).toEqual([
    ['erin', 'not_allowed'],
    ['vera', 'not_allowed'],
    [expect.stringContaining('MALLORY'), 'unknown_person'],
    ['alice', 'stale'],
  ]);
  const turnedAway = await system.core.store.audit.list({ kind: 'person.refused' }, 0, 100);
  expect(turnedAway.map(({ body }) => [body.actor.id.split('/')[1], body.data['what'], body.data['code']])).toEqual(
    expect.arrayContaining([
      [slackUser('gus'), 'vote', 'guest'],
      [slackUser('mallory'), 'mention', 'foreign'],
    ]),
  );
});

test('Linear and PagerDuty got every decision once', async () => {
  const depth = await eventually('an empty outbox', async () => ((await system.core.store.outbox.depth()).length === 0 ? 'empty' : null));
  expect(depth).toBe('empty');
  const rows = await system.rows<{ sink: string; state: string; n: string }>(
    'SELECT sink, state, count(*) AS n FROM outbox GROUP BY sink, state ORDER BY sink',
  );
  expect(rows.map(({ sink, state }) => [sink, state])).toEqual([
    ['linear', 'sent'],
    ['pagerduty', 'sent'],
    ['pagerduty_actions', 'sent'],
  ]);
  const linear = system.documents('linear', (kept) => ({
    issues: kept.list<{ title: string }>('issue'),
    comments: kept.list<{ body: string }>('comment').map(({ body }) => body),
    creates: kept.ledger().filter(({ operation, effect }) => operation === 'issueCreate' && effect !== null),
  }));
  expect(linear.issues).toHaveLength(1);
  expect(linear.issues[0]?.title).toContain('checkout is failing');
  expect(linear.creates).toHaveLength(1);
  expect(new Set(linear.comments).size).toBe(linear.comments.length);
  for (const words of ['alice', 'resolved']) expect(linear.comments.join('\n').toLowerCase()).toContain(words);
  const notes = system.documents('pagerduty', (kept) => ({
    incidents: kept.list('incident').length,
    notes: kept.list<{ content: string }>('note').map(({ content }) => content),
  }));
  expect(notes.incidents).toBe(1);
  expect(notes.notes.length).toBeGreaterThan(2);
  expect(new Set(notes.notes).size).toBe(notes.notes.length);
});

test('a later mention in the thread of a closed incident says that it is closed', async () => {
  await system.hands.post(slackUser('erin'), thread.channel, `<@${system.slack.botUserId}> and now?`, thread.ts);
  await system.see('erin', thread, 'This incident is closed');
});
