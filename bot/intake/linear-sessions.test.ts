import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLinks } from '../../blocks/links.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { createErrorHandler } from '../api/errors.ts';
import { createMirrors } from '../mirrors/index.ts';
import { createLinearAgent } from '../mirrors/linear/agent/client.ts';
import { createLinearClient } from '../mirrors/linear/client.ts';
import { createLinearUsers } from '../mirrors/linear/users.ts';
import { rejectedLife, resolvedLife } from '../mirrors/testing-lives.ts';
import { createDirectory } from '../people.ts';
import { loadPostmortem } from '../postmortem/load.ts';
import { type LocalLinear, startLinear } from '../sandbox/linear/server.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase, testRedactor } from '../store/testing.ts';
import { registerWebhooks } from '../webhooks/index.ts';
import { createIncidents } from './incidents.ts';
import { type RunningIntake, startIntake } from './intake.ts';
import { createLinearSessions } from './linear-sessions.ts';

const uuid = (last: number) => `5a0db0c5-0000-4000-8000-${String(last).padStart(12, '0')}`;
const people = [
  { id: 'rob', name: 'Rob', roles: ['responder' as const], linear: uuid(1) },
  { id: 'vic', name: 'Vic', roles: ['viewer' as const], linear: uuid(2) },
  { id: 'gus', name: 'Gus', roles: ['approver' as const], linear: uuid(4), guest: true },
  { id: 'dora', name: 'Dora', roles: ['approver' as const], linear: uuid(5), active: false },
];
const users = [
  ...people.map(({ id, name, linear, ...flags }) => ({ ...flags, id: linear, handle: id, name, email: `${id}@shop.example` })),
  { id: uuid(3), handle: 'nils', name: 'Nils', email: 'nils@shop.example' },
];

interface Session {
  readonly id: string;
  readonly status: string;
  readonly plan: readonly { readonly content: string; readonly status: string }[] | null;
  readonly activities: readonly { readonly content: Record<string, string>; readonly createdAt: string }[];
}

let db: TestDatabase;
let store: Store;
let linear: LocalLinear;
let intake: RunningIntake;
let api: FastifyInstance;
let dir: string;
/** What the engine was asked to do; `away` makes it fail so many times. */
let engine: { calls: string[]; away: number };
let mirroring: { stop: AbortController; ended: Promise<void> } | null;

beforeEach(async () => {
  db = await createTestDatabase();
  store = db.store({ sinks: ['linear'], patience: 0 });
  dir = mkdtempSync(join(tmpdir(), 'watchkeeper-sessions-'));
  linear = await startLinear({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'linear.db'), users, retryAfterMs: [50], log: silent });
  engine = { calls: [], away: 0 };
  mirroring = null;
  const call = async (what: string) => {
    if (engine.away > 0) {
      engine.away -= 1;
      throw new Error('no engine answers');
    }
    engine.calls.push(what);
  };
  const sessions = createLinearSessions({
    store,
    agent: createLinearAgent({ ...linear, timeoutMs: 500 }),
    users: createLinearUsers({ ...linear, timeoutMs: 500 }),
    workflows: { startOrWake: (_key, id) => call(`start ${id}`), wake: (_key, reason) => call(`wake ${reason}`) },
    incidents: createIncidents(db.pool, store),
    policy: await loadCommittedPolicy(),
    directory: createDirectory(people),
    log: silent,
  });
  intake = startIntake({
    store,
    handle: async (event) => {
      if (event.kind === 'linear.session') return sessions.begin(event);
      if (event.kind === 'linear.prompt') return sessions.goOn(event);
      if (event.kind === 'wake') return call(`wake ${event.reason}`);
    },
    onQueued: async () => {},
    inTrace: (_traceparent, _name, run) => run(),
    log: silent,
  });
  api = Fastify();
  api.setErrorHandler(createErrorHandler(silent));
  await registerWebhooks(api, { linear: { secret: linear.webhookSecret }, intake, now: () => new Date(), log: silent });
  linear.webhooks.to(`${await api.listen({ host: '127.0.0.1', port: 0 })}/webhooks/linear`);
});
afterEach(async () => {
  mirroring?.stop.abort();
  await mirroring?.ended;
  await linear.close();
  await api.close();
  await intake.stop();
  await db.close();
  rmSync(dir, { recursive: true, force: true });
});

async function hand(path: string, body: object): Promise<{ id: string; identifier?: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(new URL(path, linear.apiUrl), { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`the local Linear answered ${response.status}`);
  return response.json() as Promise<{ id: string }>;
}

const session = async (id: string) =>
  ((await (await fetch(new URL('/ui/sessions', linear.apiUrl))).json()) as Session[]).find((one) => one.id === id);
const said = async (id: string) => ((await session(id))?.activities ?? []).map(({ content }) => content);
const settled = () =>
  expect.poll(async () => linear.webhooks.pending() + ((await store.inbox.nextAt()) === null ? 0 : 1), { timeout: 15_000 }).toBe(0);

async function begin(user: string, words?: string, title = 'checkout fails'): Promise<{ id: string; issue: string }> {
  const issue = await hand('/ui/issues', { user: 'rob', title, description: 'since 10:00' });
  const { id } = await hand(`/ui/issues/${issue.id}/sessions`, words === undefined ? { user } : { user, words });
  await settled();
  return { id, issue: issue.id };
}

function mirror(): void {
  const stop = new AbortController();
  const links = { ...createLinks(null), slackThread: () => 'https://slack.example/archives/C1/p1' };
  const mirrors = createMirrors({
    store,
    postmortem: (id) => loadPostmortem(store, id),
    linear: { port: createLinearClient(linear), agent: createLinearAgent(linear), followUps: false },
    links,
    redact: testRedactor,
    log: silent,
  });
  mirroring = { stop, ended: mirrors.run(stop.signal) };
}

const drained = () =>
  expect.poll(async () => (await store.outbox.depth()).some(({ pending }) => pending > 0), { timeout: 15_000 }).toBe(false);
const only = async () => {
  const [incident, ...more] = await store.incidents.list(null, 10);
  expect(more).toEqual([]);
  if (incident === undefined) throw new Error('there is no incident');
  return incident;
};

describe('somebody asks in Linear', () => {
  test.each([
    ['by a mention', '@watchkeeper is it the new release?', 'checkout fails\n@watchkeeper is it the new release?'],
    ['by delegating the issue', undefined, 'checkout fails\nsince 10:00'],
  ])('%s: the incident is theirs, its issue is the one that they asked in', async (_, words, text) => {
    const { id, issue } = await begin('rob', words);
    const incident = await only();
    expect(incident).toMatchObject({ title: 'checkout fails', text, source: 'linear', requester: 'rob' });
    expect(engine.calls).toEqual([`start ${incident.id}`]);
    expect(await store.mirrorLinks.list(incident.id)).toMatchObject([{ sink: 'linear', externalId: issue }]);
    expect(await said(id)).toMatchObject([{ type: 'thought', body: expect.stringContaining('I have it') }]);
  });

  test('the first activity is there before any workflow answers, and once, however often it is tried', async () => {
    engine.away = 3;
    const began = Date.now();
    const issue = await hand('/ui/issues', { user: 'rob', title: 'checkout fails' });
    const { id } = await hand(`/ui/issues/${issue.id}/sessions`, { user: 'rob', words: 'look' });
    await expect.poll(async () => (await said(id)).length, { interval: 10 }).toBe(1);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(engine.calls).toEqual([]);
    await settled();
    expect(engine.calls).toHaveLength(1);
    expect(await said(id)).toHaveLength(1);
    await only();
  });

  test('a Linear that takes the activity and never answers holds up nothing, and gets it once', async () => {
    linear.faults.hangAfterAccept('agentActivityCreate', 1);
    const { id } = await begin('rob', 'look');
    expect(engine.calls.length).toBeGreaterThan(0);
    expect(await said(id)).toHaveLength(1);
    await only();
  });

  test('three copies of the webhook are one incident', async () => {
    linear.webhooks.repeat(2, 3);
    const { id } = await begin('rob', 'look');
    expect(engine.calls).toHaveLength(1);
    expect(await said(id)).toHaveLength(1);
    await only();
  });

  test('a second session on the issue of an open incident joins it', async () => {
    const { id, issue } = await begin('rob', 'look');
    const incident = await only();
    await store.incidents.transition(incident.id, 'investigating');
    const second = await hand(`/ui/issues/${issue}/sessions`, { user: 'rob', words: 'and?' });
    await settled();
    expect(await said(second.id)).toEqual([{ type: 'thought', body: 'I am investigating.' }]);
    expect(await store.linearSessions.of(incident.id)).toEqual([id, second.id]);
    await only();
  });
});

describe('nothing starts, and the session says why, for', () => {
  test.each([
    ['somebody whom nobody mapped', 'nils', 'I do not know who you are'],
    ['somebody who may only look', 'vic', 'You cannot start an investigation'],
    ['an automation', 'automation', 'I answer to people only'],
  ])('%s', async (_, user, words) => {
    const { id } = await begin(user, 'look');
    expect(await said(id)).toEqual([{ type: 'error', body: expect.stringContaining(words) }]);
    expect((await session(id))?.status).toBe('error');
    expect(await store.incidents.list(null, 10)).toEqual([]);
    expect(engine.calls).toEqual([]);
    const [entry] = await store.audit.list({ kind: 'person.refused' }, 0, 10);
    expect(entry?.body.data).toMatchObject({ what: 'linear_session', session: id });
  });

  test('our own account, whose activities and sessions are no questions', async () => {
    const { id } = await begin('watchkeeper', 'look');
    expect(await said(id)).toEqual([]);
    const { id: asked } = await begin('rob', 'look', 'another');
    await hand(`/ui/sessions/${asked}/prompts`, { user: 'watchkeeper', words: 'stop', stop: 'yes' });
    await settled();
    expect(await store.audit.list({ kind: 'incident.cancel_requested' }, 0, 10)).toEqual([]);
  });
});

describe('stop', () => {
  test('cancels the incident', async () => {
    const { id } = await begin('rob', 'look');
    await hand(`/ui/sessions/${id}/prompts`, { user: 'rob', stop: 'yes' });
    await settled();
    expect(engine.calls.at(-1)).toBe('wake cancel');
    expect(await store.incidents.cancelRequestedBy((await only()).id)).toBe('person:rob');
    expect((await said(id)).at(-1)).toMatchObject({ type: 'thought', body: expect.stringMatching(/^I stop\./) });
  });

  test('of somebody who may not is refused in words', async () => {
    const { id } = await begin('rob', 'look');
    await hand(`/ui/sessions/${id}/prompts`, { user: 'nils', stop: 'yes' });
    await settled();
    expect(await store.incidents.cancelRequestedBy((await only()).id)).toBeNull();
    expect((await said(id)).at(-1)).toMatchObject({ type: 'error', body: expect.stringContaining('can stop me') });
  });

  test.each([
    ['gus', 'a guest'],
    ['dora', 'a deactivated account'],
  ])('of %s, whose account is that of no member, begins and stops nothing, whatever the role', async (user, what) => {
    const { id } = await begin('rob', 'look');
    await hand(`/ui/sessions/${id}/prompts`, { user, stop: 'yes' });
    await settled();
    expect(await store.incidents.cancelRequestedBy((await only()).id)).toBeNull();
    expect((await said(id)).at(-1)).toMatchObject({ type: 'error', body: expect.stringContaining(`is ${what}`) });
    const other = await begin(user, 'look');
    expect((await said(other.id)).at(-1)).toMatchObject({ type: 'error', body: expect.stringContaining(`is ${what}`) });
    await only();
  });

  test('after the end says so', async () => {
    const { id } = await begin('rob', 'look');
    await store.incidents.close((await only()).id, 'healthy', 'fine');
    await hand(`/ui/sessions/${id}/prompts`, { user: 'rob', stop: 'yes' });
    await settled();
    expect((await said(id)).at(-1)).toEqual({ type: 'response', body: 'It is closed already.' });
  });
});

test('a question in between is answered with how it stands', async () => {
  const { id } = await begin('rob', 'look');
  await store.incidents.transition((await only()).id, 'awaiting_approval');
  await hand(`/ui/sessions/${id}/prompts`, { user: 'rob', words: 'and?' });
  await settled();
  expect((await said(id)).at(-1)).toMatchObject({ type: 'thought', body: expect.stringContaining('waits for its approval') });
});

describe('what happens streams back to the session', () => {
  test('in order, each once: thoughts, the question with how to answer it, actions, and the end', async () => {
    const { id } = await begin('rob', 'look');
    const incident = await only();
    await store.incidents.setThread(incident.id, { team: 'T1', channel: 'C1', threadTs: '1' });
    await store.incidents.transition(incident.id, 'investigating');
    await resolvedLife(store, incident.id);
    linear.faults.hangAfterAccept('agentActivityCreate', 1);
    mirror();
    await drained();
    const activities = (await said(id)).slice(1);
    expect(activities.map(({ type, body, action, result }) => [type, body?.split('\n')[0] ?? `${action} ${result ?? ''}`])).toEqual([
      ['thought', 'Investigation started.'],
      ['thought', 'Finding: the image cannot be pulled'],
      ['elicitation', 'Plan proposed: undo the rollout'],
      ['thought', 'Plan approved: approve by bob'],
      ['action', 'Execute '],
      ['action', 'Execute Step done and verified'],
      ['response', 'Incident closed: resolved; The rollout was undone.'],
    ]);
    const asked = activities.find(({ type }) => type === 'elicitation')?.['body'];
    expect(asked).toContain('set the label `assistant:approved`');
    expect(asked).toContain('[Slack thread](https://slack.example/archives/C1/p1)');
    const { status, plan } = (await session(id)) ?? {};
    expect([status, plan]).toEqual(['complete', [{ content: 'Return checkout to revision 2', status: 'completed' }]]);
  });

  test('and its issue is the one that somebody filed: none is made', async () => {
    const { issue } = await begin('rob', 'look');
    const incident = await only();
    await rejectedLife(store, incident.id);
    mirror();
    await drained();
    expect(linear.ledger().filter(({ operation }) => operation === 'issueCreate')).toEqual([]);
    const comments = linear.ledger().filter(({ operation }) => operation === 'commentCreate');
    expect(comments.every(({ input }) => (input as { input: { issueId: string } }).input.issueId === issue)).toBe(true);
    expect(comments.length).toBeGreaterThan(2);
  });

  test('an incident without a session queues nothing for one', async () => {
    const { incident } = await store.incidents.open(
      { title: 'x', text: '', source: 'api', service: null, site: null, requester: null },
      { kind: 'system', id: 'test' },
    );
    await rejectedLife(store, incident.id);
    expect((await store.outbox.list({ sink: 'linear_agent' }, 0, 10)).length).toBe(0);
  });
});
