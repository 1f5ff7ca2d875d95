import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Policy } from '../../policy/decide.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import { Alerts } from '../correlation/settings.ts';
import { createDirectory } from '../people.ts';
import type { InboxEvent } from '../ports.ts';
import { noAlertBoard } from '../slack/alert-board.ts';
import { createQuietChat } from '../slack/quiet-chat.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { createAlertIntake } from './alert-intake.ts';
import { handleEvent } from './handle.ts';
import { createIncidents } from './incidents.ts';
import { type RunningIntake, startIntake } from './intake.ts';
import type { Workflows } from './workflows.ts';

const directory = createDirectory([
  { id: 'rob', name: 'Rob', email: 'rob@shop.example', roles: ['responder'], slack: { team: 'T1', user: 'UROB' }, pagerduty: 'PROB' },
  { id: 'vic', name: 'Vic', roles: ['viewer'], slack: { team: 'T1', user: 'UVIC' } },
]);

/** The engine at the other side of the port: away for as many calls as the test says. */
function createEngine(away: number) {
  const engine = { away, asking: false, calls: [] as string[] };
  const call = async (what: string) => {
    if (engine.away > 0) {
      engine.away -= 1;
      throw new Error('no engine answers');
    }
    engine.calls.push(what);
  };
  const workflows: Workflows = {
    startOrWake: (key, incidentId) => call(`start ${key} ${incidentId}`),
    look: (key, _incidentId, number) => call(`look ${key} ${number}`),
    question: ({ incidentId, key, person, text }) => call(`question ${incidentId} ${key} ${person} ${text}`),
    tell: async (key, _id, { person, text }) => {
      if (engine.asking) await call(`tell ${key} ${person} ${text}`);
      return engine.asking;
    },
    startAnew: (key, incidentId) => call(`start again ${key} ${incidentId}`),
    wake: (key, reason) => call(`wake ${key} ${reason}`),
  };
  return { engine, workflows };
}

let db: TestDatabase;
let store: Store;
let policy: Policy;
let said: string[];
let running: RunningIntake | null;
beforeAll(async () => {
  policy = await loadCommittedPolicy();
});
beforeEach(async () => {
  db = await createTestDatabase();
  store = db.store();
  said = [];
});
afterEach(async () => {
  await running?.stop();
  running = null;
  await db.close();
});

function start(workflows: Workflows, answers = false): RunningIntake {
  const face = {
    firstReply: async (event: { dedupeKey: string }, state: string) => void said.push(`${state} ${event.dedupeKey}`),
    say: async (_origin: unknown, key: string, text: string) => void said.push(`${key}: ${text}`),
  };
  const deps = {
    store,
    workflows,
    face,
    policy,
    directory,
    linearLabels: null,
    linearSessions: null,
    answers,
    alerts: createAlertIntake({
      ...{ store, services: [], settings: Alerts.parse({}), directory, workflows },
      ...{ chat: createQuietChat(), board: noAlertBoard, reads: null, evidence: null, log: silent },
    }),
    serviceOfChannel: (channel: string) => (channel === 'C2' ? 'cart' : null),
  };
  running = startIntake({
    store,
    handle: (event) => handleEvent(deps, event),
    onQueued: async (event) => void ('origin' in event && (await face.firstReply(event, 'queued'))),
    inTrace: (_traceparent, _name, run) => run(),
    log: silent,
  });
  return running;
}

function mention(key: string, change: { user?: string; channel?: string; text?: string; ts?: string; threadTs?: string } = {}): InboxEvent {
  const { user = 'UROB', channel = 'C1', text = '<@UBOT> checkout is slow', ts = key, threadTs = null } = change;
  return { kind: 'slack.mention', dedupeKey: key, origin: { team: 'T1', channel, user, ts, threadTs }, text, direct: false };
}

/** Until no event is open: what failed is due again within its pause. */
const drained = () => expect.poll(() => store.inbox.nextAt(), { timeout: 15_000, interval: 25 }).toBeNull();

/** The incident that a mention has opened, looked into by now. */
async function underWay(intake: RunningIntake, key = '1.0'): Promise<Incident> {
  await intake.receive(mention(key));
  await drained();
  const [incident] = await store.incidents.list(null, 10);
  if (incident === undefined) throw new Error('the mention opened no incident');
  await store.incidents.transition(incident.id, 'investigating');
  return incident;
}

describe('an engine that is away', () => {
  test('loses nothing: the event is tried again, and the person is told once that it waits', async () => {
    const { engine, workflows } = createEngine(3);
    const intake = start(workflows);
    expect(await intake.receive(mention('1.0'))).toBe(true);
    await drained();
    const [incident] = await store.incidents.list(null, 10);
    expect(engine.calls).toEqual([`start slack:T1:C1:1.0 ${incident?.id}`]);
    expect(said.filter((line) => line === 'queued 1.0')).toHaveLength(1);
    expect(incident).toMatchObject({ title: 'checkout is slow', requester: 'rob', slack: { team: 'T1', channel: 'C1', threadTs: '1.0' } });
    expect(await store.incidents.list(null, 10)).toHaveLength(1);
  });

  test('does not hold up other events for ever: each has its own pause', async () => {
    const { engine, workflows } = createEngine(1);
    const intake = start(workflows);
    await Promise.all(['1.0', '2.0', '3.0'].map((key) => intake.receive(mention(key))));
    await drained();
    expect(engine.calls).toHaveLength(3);
  });

  test('finds its events again after a restart', async () => {
    const first = start(createEngine(1_000).workflows);
    await first.receive(mention('1.0'));
    await expect.poll(() => said.includes('queued 1.0')).toBe(true);
    await first.stop();
    const { engine, workflows } = createEngine(0);
    start(workflows);
    await drained();
    expect(engine.calls).toHaveLength(1);
  });
});

test('what arrives twice is handled once', async () => {
  const { engine, workflows } = createEngine(0);
  const intake = start(workflows);
  const fresh = await Promise.all([1, 2, 3, 4].map(() => intake.receive(mention('1.0'))));
  await drained();
  expect(fresh.filter((isNew) => isNew)).toHaveLength(1);
  expect(engine.calls).toHaveLength(1);
});

test("a wake goes to its incident's workflow", async () => {
  const { engine, workflows } = createEngine(0);
  const incidents = createIncidents(db.pool, store);
  start(workflows);
  const request = { title: 'x', text: '', service: null, site: null, requester: null, source: 'api' as const };
  const { id, key } = await incidents.open(request);
  await expect.poll(() => engine.calls).toContain(`start ${key} ${id}`);
  expect(await incidents.cancel(id, 'rob')).toBe(true);
  await expect.poll(() => engine.calls).toContain(`wake ${key} cancel`);
});

describe('a mention', () => {
  test.each([
    ['nobody knows', 'UNOBODY', 'I do not know who you are'],
    ['may only look', 'UVIC', 'You cannot start an investigation'],
  ])('of somebody who %s opens nothing, and is answered', async (_, user, words) => {
    const { engine, workflows } = createEngine(0);
    await start(workflows).receive(mention('1.0', { user }));
    await drained();
    expect(said).toEqual([expect.stringContaining(words)]);
    expect(engine.calls).toEqual([]);
    expect(await store.incidents.list(null, 10)).toEqual([]);
  });

  test('is decided by policy, and the decision recorded: with the incident that it allowed, or without one and audited', async () => {
    const intake = start(createEngine(0).workflows);
    await Promise.all([intake.receive(mention('1.0')), intake.receive(mention('2.0', { user: 'UVIC' }))]);
    await drained();
    const [incident] = await store.incidents.list(null, 10);
    const recorded = await store.decisions.list({ question: 'ask' }, null, 10);
    expect(recorded).toHaveLength(2);
    const common = { bundle: policy.bundle, planId: null, stepId: null };
    expect(recorded).toContainEqual(expect.objectContaining({ ...common, verdict: 'allow', incidentId: incident?.id }));
    expect(recorded).toContainEqual(expect.objectContaining({ ...common, verdict: 'deny', incidentId: null }));
    const denials = await store.audit.list({ kind: 'policy.denied' }, 0, 10);
    expect(denials.map(({ body }) => body.data['person'])).toEqual(['vic']);
  });

  test('without words, or with many, has a title that fits', async () => {
    const intake = start(createEngine(0).workflows);
    await intake.receive(mention('1.0', { text: '<@UOTHER>' }));
    await intake.receive(mention('2.0', { text: `<@UBOT|bot> ${'long '.repeat(100)}\nmore`, channel: 'C2' }));
    await drained();
    const found = await store.incidents.list(null, 10);
    const titles = new Map(found.map((incident) => [incident.slack?.threadTs, incident]));
    expect(titles.get('1.0')?.title).toBe('Investigation');
    expect(titles.get('2.0')?.title.length).toBeLessThanOrEqual(120);
    expect(titles.get('2.0')?.service).toBe('cart');
  });

  test('that is small talk in a thread of people opens nothing; in the thread of an incident it may be an answer', async () => {
    const { engine, workflows } = createEngine(0);
    const intake = start(workflows);
    await intake.receive(mention('1.5', { threadTs: '1.0', text: 'Thank you! :tada:' }));
    await drained();
    expect(said).toEqual([expect.stringMatching(/^1\.5: Tell me what is wrong/)]);
    expect(await store.incidents.list(null, 10)).toEqual([]);
    const incident = await underWay(intake, '2.0');
    engine.asking = true;
    await intake.receive(mention('2.5', { threadTs: '2.0', text: 'ok' }));
    await drained();
    expect(engine.calls.at(-1)).toBe(`tell ${incident.key} rob ok`);
  });

  test('in such a thread is a question to a language model, where one answers: once, however often the event comes', async () => {
    const { engine, workflows } = createEngine(0);
    const intake = start(workflows, true);
    const incident = await underWay(intake);
    await intake.receive(mention('1.5', { threadTs: '1.0', text: 'why?' }));
    await intake.receive(mention('1.5', { threadTs: '1.0', text: 'why?' }));
    await drained();
    expect(said.at(-1)).toMatch(/^1\.5: I am investigating\. I am looking for an answer/);
    expect(engine.calls.slice(1)).toEqual([`question ${incident.id} answer:1.5 rob why?`]);
  });

  test('in such a thread is an answer, where the workflow asked: no question to a model, and nothing new to open', async () => {
    const { engine, workflows } = createEngine(0);
    const intake = start(workflows, true);
    const incident = await underWay(intake);
    engine.asking = true;
    await intake.receive(mention('1.5', { threadTs: '1.0', text: 'four replicas' }));
    await drained();
    expect(said.at(-1)).toMatch(/^1\.5: Thank you\./);
    expect(engine.calls.slice(1)).toEqual([`tell ${incident.key} rob four replicas`]);
  });

  test('in such a thread from somebody who only looks reaches no model, neither as an answer nor as a question', async () => {
    const { engine, workflows } = createEngine(0);
    const intake = start(workflows, true);
    await underWay(intake);
    engine.asking = true;
    await intake.receive(mention('1.5', { user: 'UVIC', threadTs: '1.0', text: 'restart the database' }));
    await drained();
    engine.asking = false;
    await intake.receive(mention('1.6', { user: 'UVIC', threadTs: '1.0', text: 'why?' }));
    await drained();
    expect(said.slice(-2)).toEqual([
      expect.stringMatching(/^1\.5: I am investigating\. I take no answers or questions from you: .* takes the role responder/),
      expect.stringMatching(/^1\.6: I am investigating\. I take no answers or questions from you/),
    ]);
    expect(engine.calls.slice(1)).toEqual([]);
  });

  test('in a thread whose incident is under way says where it stands, and opens no second one', async () => {
    const { engine, workflows } = createEngine(0);
    const intake = start(workflows);
    const incident = await underWay(intake);
    await intake.receive(mention('1.5', { threadTs: '1.0' }));
    await drained();
    expect(said.at(-1)).toBe('1.5: I am investigating.');
    await store.incidents.close(incident.id, 'healthy', 'fine');
    await intake.receive(mention('1.6', { threadTs: '1.0' }));
    await drained();
    expect(said.at(-1)).toMatch(/closed \(healthy\)/);
    expect(engine.calls).toHaveLength(1);
  });

  test('is somebody who takes care of it: noted once, however often they write', async () => {
    const intake = start(createEngine(0).workflows);
    const incident = await underWay(intake);
    await intake.receive(mention('1.5', { threadTs: '1.0' }));
    await intake.receive(mention('1.6', { threadTs: '1.0', user: 'UVIC' }));
    await drained();
    const engaged = await store.audit.list({ kind: 'person.engaged' }, 0, 10);
    expect(engaged.map(({ body }) => [body.incidentId, body.actor.id])).toEqual([[incident.id, 'rob']]);
  });
});
