import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PageSubject } from '../pagerduty/event.ts';
import type { PagerDutyReads } from '../pagerduty/reads.ts';
import { alice, newIncident, seed } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import {
  createOutside,
  drained,
  type Outside,
  pageBody,
  postPage,
  type Replica,
  type ReplicaOptions,
  type SentPage,
  startReplica,
} from './testing.ts';

let db: TestDatabase;
let store: Store;
let outside: Outside;
let replica: Replica;
beforeEach(async () => {
  db = await createTestDatabase();
  store = db.store();
  outside = createOutside();
});
afterEach(async () => {
  await replica.stop();
  await db.close();
});

const start = async (more: Partial<ReplicaOptions> = {}) => {
  replica = await startReplica({ store, outside, ...more });
};
const send = async (sent: SentPage, deliveryId?: string) => {
  expect(await postPage(replica.url, pageBody(sent), deliveryId)).toBe(202);
  await drained(store);
};
const incidents = () => store.incidents.list(null, 100);
const kinds = async (incidentId: string) => (await store.audit.list({ incidentId }, 0, 100)).map(({ body }) => body.kind);
const lines = () => outside.told.flatMap((told) => told.lines);
const alertOf = (page: string) => store.alerts.find('pagerduty', page);
const person = { id: 'PALICE01', type: 'user_reference', summary: 'Alice' };
const thread = { team: 'T1', channel: 'C1', threadTs: '1.1' };
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** PagerDuty's API as it answers now: by id of its incidents. */
function readsOf(states: Record<string, Partial<PageSubject> & { statusAt?: string }>, more: Partial<PagerDutyReads> = {}): PagerDutyReads {
  return {
    async incident(id) {
      const state = states[id];
      if (state === undefined) return null;
      const subject: PageSubject = {
        ...{ id, number: 12, title: 'checkout fails', url: null, status: 'triggered', key: id, urgency: 'high', priority: null },
        ...{ service: { id: 'PCHECKOUT', name: 'checkout' }, createdAt: minutesAgo(1).toISOString(), mergedInto: null },
        ...state,
      };
      return { subject, status: subject.status ?? 'triggered', statusAt: state.statusAt ?? new Date().toISOString() };
    },
    changes: async () => [],
    ownUser: async () => 'PBOT',
    context: () => Promise.reject(new Error('not asked here')),
    onCall: () => Promise.reject(new Error('not asked here')),
    ...more,
  };
}

describe('a page', () => {
  test('opens an incident, its thread and its investigation by itself', async () => {
    await start();
    await send({ page: 'Q1', title: 'checkout fails hunter2' });
    const [incident] = await incidents();
    expect(incident).toMatchObject({ source: 'pagerduty', requester: null, service: 'checkout', title: 'checkout fails [masked]' });
    expect(outside.threads).toEqual([incident?.id]);
    expect(outside.started).toEqual(['pagerduty:Q1']);
    expect(outside.shown.get(incident?.id ?? '')).toMatchObject({ firing: 1, first: [{ title: 'checkout fails [masked]' }] });
    expect(await store.mirrorLinks.list(incident?.id ?? '')).toMatchObject([{ sink: 'pagerduty', externalId: 'Q1' }]);
    expect(await kinds(incident?.id ?? '')).toEqual(expect.arrayContaining(['incident.opened', 'pagerduty.triggered']));
  });

  test('that comes four times, or under another delivery, is one', async () => {
    await start();
    const body = pageBody({ page: 'Q1' });
    expect(await postPage(replica.url, body, 'd1')).toBe(202);
    const answers = await Promise.all(['d1', 'd2', 'd1'].map((delivery) => postPage(replica.url, body, delivery)));
    expect(answers).toEqual([202, 202, 202]);
    // The delivery's id is not signed, but whoever repeats it with another event repeats a delivery.
    expect(await postPage(replica.url, pageBody({ page: 'Q2', service: 'batch' }), 'd1')).toBe(202);
    await drained(store);
    expect(await incidents()).toHaveLength(1);
    expect(outside.started).toHaveLength(1);
    expect((await db.force('SELECT FROM alerts')).rowCount).toBe(1);
  });

  test('of the same service joins the open incident, and its thread is told why', async () => {
    await start();
    await send({ page: 'Q1' });
    await send({ page: 'Q2', title: 'checkout is slow' });
    await send({ page: 'Q3', service: 'batch' });
    const found = await incidents();
    expect(found).toHaveLength(2);
    const id = (await alertOf('Q1'))?.incidentId ?? '';
    expect(await alertOf('Q2')).toMatchObject({ incidentId: id, joinedBy: 'service' });
    expect((await store.mirrorLinks.list(id)).map(({ externalId }) => externalId)).toEqual(['Q1', 'Q2']);
    expect(lines()).toEqual(['PagerDuty #12 “checkout is slow” belongs here: it is about the same service']);
    expect(outside.shown.get(id)?.firing).toBe(2);
  });

  test('joins what a person asked about in words', async () => {
    const asked = newIncident({ source: 'slack', service: null, site: null, title: 'checkout is failing since the deploy', slack: thread });
    const { incident } = await store.incidents.open(asked, alice);
    await start();
    await send({ page: 'Q1' });
    await send({ page: 'Q2', service: 'batch' });
    expect((await alertOf('Q1'))?.incidentId).toBe(incident.id);
    expect((await alertOf('Q2'))?.incidentId).not.toBe(incident.id);
    expect(outside.started).toEqual(['pagerduty:Q2']);
  });

  test('waits with its words for a thread that is not open yet', async () => {
    const { incident } = await store.incidents.open(newIncident({ service: 'checkout' }), alice);
    await start();
    expect(await postPage(replica.url, pageBody({ page: 'Q1' }))).toBe(202);
    await expect.poll(async () => (await alertOf('Q1'))?.incidentId).toBe(incident.id);
    await expect
      .poll(async () => (await db.force("SELECT FROM inbox WHERE last_error LIKE '%not open yet%'")).rowCount, { timeout: 10_000 })
      .toBe(1);
    expect(lines()).toEqual([]);
    await store.incidents.setThread(incident.id, thread);
    await drained(store);
    expect(lines()).toHaveLength(1);
  });

  test('of an unknown service opens an incident that says so', async () => {
    await start();
    await send({ page: 'Q1', service: 'mystery' });
    const [incident] = await incidents();
    expect(incident).toMatchObject({ service: null });
    expect(incident?.text).toContain('service mystery');
    expect(incident?.text).toContain('`pagerduty`');
  });

  test('after the same change event as another one belongs to it', async () => {
    const changes = async () => [
      { id: 'PCHANGE', at: minutesAgo(5).toISOString() },
      { id: 'POLD', at: minutesAgo(500).toISOString() },
    ];
    await start({ reads: readsOf({}, { changes }) });
    await send({ page: 'Q1', service: 'checkout' });
    await send({ page: 'Q2', service: 'batch' });
    expect(await alertOf('Q2')).toMatchObject({ joinedBy: 'change', changes: ['PCHANGE'], incidentId: (await alertOf('Q1'))?.incidentId });
  });

  test('that our own mirror opened for an incident is linked to it, and not told of', async () => {
    const { incident } = await store.incidents.open(newIncident({ service: 'batch', slack: thread }), alice);
    await start();
    await send({ page: 'Q1', data: { incident_key: incident.id } });
    await send({ page: 'Q2', service: 'checkout' });
    expect(await alertOf('Q1')).toMatchObject({ incidentId: incident.id, joinedBy: 'own' });
    // What the page is about is not what the incident is about.
    expect((await alertOf('Q2'))?.incidentId).not.toBe(incident.id);
    expect(lines()).toEqual([]);
    await send({ type: 'incident.acknowledged', page: 'Q1', status: 'acknowledged', agent: person, data: { incident_key: incident.id } });
    expect(lines()).toEqual(['PagerDuty #12 acknowledged by Alice']);
  });
});

test('while no engine answers, the thread is open and says that it waits; then it is investigated once', async () => {
  outside.away = 2;
  await start();
  await send({ page: 'Q1' });
  const [incident] = await incidents();
  expect(new Set(outside.threads)).toEqual(new Set([incident?.id]));
  expect(outside.said).toEqual([expect.stringContaining('as soon as the workflow engine answers')]);
  expect(outside.started).toEqual(['pagerduty:Q1']);
});

describe('an acknowledgement', () => {
  test('is told and recorded, and never approves', async () => {
    const { incident, plan } = await seed(store);
    await store.incidents.setThread(incident.id, thread);
    await start();
    await send({ page: 'Q1' });
    expect((await alertOf('Q1'))?.incidentId).toBe(incident.id);
    await send({ type: 'incident.acknowledged', page: 'Q1', status: 'acknowledged', at: new Date(Date.now() + 1_000), agent: person });
    expect(await alertOf('Q1')).toMatchObject({ status: 'acknowledged' });
    expect(lines()).toContain('PagerDuty #12 acknowledged by Alice');
    const [entry] = await store.audit.list({ kind: 'pagerduty.acknowledged' }, 0, 1);
    expect(entry?.body).toMatchObject({ actor: alice, incidentId: incident.id });
    const { state, votes } = await store.plans.get(plan.id);
    expect([state, votes]).toEqual(['pending', []]);
    expect(outside.woken).toEqual([]);
  });
});

describe('the order of events does not count', () => {
  test('an API that says how it stands decides', async () => {
    const states: Parameters<typeof readsOf>[0] = { Q1: { status: 'resolved' } };
    await start({ reads: readsOf(states) });
    await send({ type: 'incident.triggered', page: 'Q1' });
    expect(await alertOf('Q1')).toMatchObject({ status: 'resolved' });
    await send({ type: 'incident.acknowledged', page: 'Q1', status: 'acknowledged' });
    expect(await alertOf('Q1')).toMatchObject({ status: 'resolved' });
    expect(await incidents()).toHaveLength(1);
  });

  test.each([
    ['in order', [0, 1, 2]],
    ['reversed', [2, 1, 0]],
    ['mixed', [1, 2, 0]],
  ])('without an API the newest event counts: %s', async (_, order) => {
    await start();
    const base = Date.now() - 60_000;
    const events: SentPage[] = [
      { type: 'incident.triggered', status: 'triggered', at: new Date(base) },
      { type: 'incident.acknowledged', status: 'acknowledged', at: new Date(base + 1_000) },
      { type: 'incident.resolved', status: 'resolved', at: new Date(base + 2_000) },
    ];
    for (const index of order) await send({ page: 'Q1', ...events[index] });
    expect(await alertOf('Q1')).toMatchObject({ status: 'resolved' });
    expect(await incidents()).toHaveLength(1);
    expect(outside.started).toHaveLength(1);
  });

  test('an event of an incident that was over before we heard of it opens nothing', async () => {
    await start({ reads: readsOf({ Q1: { status: 'resolved' } }) });
    await send({ type: 'incident.resolved', page: 'Q1', status: 'resolved' });
    expect(await incidents()).toEqual([]);
  });

  test('one of an open incident that we never heard of takes it in', async () => {
    await start({ reads: readsOf({ Q1: {} }) });
    await send({
      type: 'incident.annotated',
      page: 'x',
      data: { id: 'N1', type: 'incident_note', content: 'look', incident: { id: 'Q1' } },
    });
    expect(await alertOf('Q1')).toMatchObject({ service: 'checkout', status: 'firing' });
  });
});

describe('when pages are over', () => {
  const resolved = (page: string): SentPage => ({
    type: 'incident.resolved',
    page,
    status: 'resolved',
    at: new Date(Date.now() + 1_000),
    agent: person,
  });

  test('the workflow looks again after the last one, and the thread says so', async () => {
    await start();
    await send({ page: 'Q1' });
    await send({ page: 'Q2' });
    await send(resolved('Q1'));
    expect(outside.woken).toEqual([]);
    await send(resolved('Q2'));
    expect(outside.woken).toEqual(['pagerduty:Q1 message']);
    expect(lines()).toContain('All 2 PagerDuty incidents of this incident are resolved.');
    expect(await alertOf('Q2')).toMatchObject({ status: 'resolved', endsAt: expect.any(String) });
  });

  test('a change that is being executed is not disturbed', async () => {
    await start();
    await send({ page: 'Q1' });
    const [incident] = await incidents();
    await store.incidents.transition(incident?.id ?? '', 'executing');
    await send(resolved('Q1'));
    expect(outside.woken).toEqual([]);
    expect(lines().join('\n')).toContain('A change is being executed: it goes on, and is verified.');
  });

  test('one that is reopened after the incident was closed is looked at again, in the same thread', async () => {
    await start();
    await send({ page: 'Q1' });
    const [incident] = await incidents();
    await send(resolved('Q1'));
    await store.incidents.close(incident?.id ?? '', 'resolved', 'undone');
    await send({ type: 'incident.reopened', page: 'Q1', status: 'triggered', at: new Date(Date.now() + 2_000) });
    expect(await incidents()).toHaveLength(1);
    expect(await store.incidents.get(incident?.id ?? '')).toMatchObject({ state: 'investigating', outcome: null });
    expect(outside.started).toEqual(['pagerduty:Q1', 'pagerduty:Q1']);
  });

  test('a new page of the same service after the end opens the incident again', async () => {
    await start();
    await send({ page: 'Q1', at: minutesAgo(10) });
    const [incident] = await incidents();
    await store.incidents.close(incident?.id ?? '', 'resolved', 'undone');
    await send({ page: 'Q2', at: new Date(Date.now() + 1_000) });
    expect(outside.started).toEqual(['pagerduty:Q1', 'pagerduty:Q1']);
    expect(lines().join('\n')).toContain('began again after this incident was closed');
  });

  test('one that was merged into another is told so, and is not the end', async () => {
    await start();
    await send({ page: 'Q1', service: 'checkout' });
    await send({ page: 'Q9', service: 'batch' });
    const reason = { type: 'merge_resolve_reason', incident: { id: 'Q9', type: 'incident_reference', summary: '[#9] batch fails' } };
    await send({ ...resolved('Q1'), data: { resolve_reason: reason } });
    const other = (await alertOf('Q9'))?.incidentId;
    expect(lines()).toEqual([`PagerDuty #12 was merged into “[#9] batch fails” by Alice, which belongs to incident ${other}`]);
    expect(outside.woken).toEqual([]);
  });
});

describe('what people do in PagerDuty is told in a line each', () => {
  test.each([
    ['incident.escalated', { assignees: [{ id: 'P1', summary: 'Bob' }] }, 'escalated by Alice: Bob'],
    ['incident.delegated', { escalation_policy: { id: 'P1', summary: 'Shop' } }, 'delegated by Alice: Shop'],
    [
      'incident.reassigned',
      {
        assignees: [
          { id: 'P1', summary: 'Bob' },
          { id: 'P2', summary: 'Eve' },
        ],
      },
      'reassigned by Alice: Bob, Eve',
    ],
    ['incident.priority_updated', { priority: { id: 'P1', summary: 'P1' } }, 'priority changed by Alice: P1'],
    ['incident.service_updated', { service: { id: 'PCART', summary: 'cart' } }, 'moved to another service by Alice: cart'],
    ['incident.incident_type.changed', { incident_type: { name: 'major' } }, 'type changed by Alice: major'],
  ])('%s', async (type, data, words) => {
    await start();
    await send({ page: 'Q1' });
    await send({ type, page: 'Q1', agent: person, data });
    expect(lines()).toEqual([`PagerDuty #12 ${words}`]);
  });

  const part = { id: 'X1', incident: { id: 'Q1', type: 'incident_reference' } };
  test.each([
    ['incident.annotated', { type: 'incident_note', content: 'restart\nhunter2', trimmed: true }, 'note by Alice: “restart [masked] …”'],
    ['incident.status_update_published', { type: 'incident_status_update', message: 'We know' }, 'status update by Alice: “We know”'],
    [
      'incident.responder.added',
      { type: 'incident_responder', user: { id: 'P1', summary: 'Bob' } },
      'responder asked for help by Alice: Bob',
    ],
    [
      'incident.responder.replied',
      { type: 'incident_responder', user: { id: 'P1', summary: 'Bob' }, state: 'accepted' },
      'responder answered by Alice: Bob: accepted',
    ],
    [
      'incident.custom_field_values.updated',
      { type: 'incident_field_values', custom_fields: [{ name: 'region', display_name: 'Region', value: ['eu', 'us'] }] },
      'fields changed by Alice: Region: eu, us',
    ],
  ])('%s', async (type, data, words) => {
    await start();
    await send({ page: 'Q1' });
    await send({ type, agent: person, data: { ...part, ...data } });
    expect(lines()).toEqual([`PagerDuty Q1 ${words}`]);
    const [incident] = await incidents();
    expect(await kinds(incident?.id ?? '')).toContain(type.replace('incident.', 'pagerduty.'));
  });

  test('several at once are one message', async () => {
    await start();
    await send({ page: 'Q1' });
    const before = outside.told.length;
    await Promise.all(Array.from({ length: 10 }, () => postPage(replica.url, pageBody({ type: 'incident.escalated', page: 'Q1' }))));
    await drained(store);
    expect(lines()).toHaveLength(10);
    expect(outside.told.length - before).toBeLessThan(5);
  });

  test('our own notes are not', async () => {
    await start({ reads: readsOf({ Q1: {} }) });
    await send({ page: 'Q1' });
    const note = { ...part, type: 'incident_note', content: 'Plan proposed' };
    await send({ type: 'incident.annotated', agent: { id: 'PBOT', type: 'user_reference', summary: 'Watchkeeper' }, data: note });
    expect(lines()).toEqual([]);
    await send({ type: 'incident.annotated', agent: person, data: note });
    expect(lines()).toHaveLength(1);
  });
});

test('an event whose handling breaks off is tried again, and done once', async () => {
  const fail = { left: 2 };
  const reads = readsOf(
    {},
    {
      async changes() {
        fail.left -= 1;
        if (fail.left >= 0) throw new Error('broke off');
        return [];
      },
    },
  );
  await start({ reads });
  await send({ page: 'Q1', eventId: randomUUID() });
  expect(await incidents()).toHaveLength(1);
  expect(await store.audit.list({ kind: 'pagerduty.triggered' }, 0, 10)).toHaveLength(1);
});
