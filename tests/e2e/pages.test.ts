import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PagerDutyHands } from '../../bot/sandbox/pagerduty/hands.ts';
import { hasAction, type SeenMessage } from '../../bot/sandbox/slack/hands.ts';
import type { Alert } from '../../bot/store/alerts.ts';
import { begin } from '../../bot/up/begin.ts';
import { eventually, slackUser, startTestSystem, type TestSystem, type Thread, textOf } from './system.ts';

/** PagerDuty → Slack thread → investigation → plan → approval → fix, with the local PagerDuty's own signed webhooks. */

let system: TestSystem;
let hands: PagerDutyHands;
let thread: Thread;
let page: string;
beforeAll(async () => {
  system = await startTestSystem({ scenario: 'page' });
  const local = system.parts.pagerduty?.hands;
  if (!local) throw new Error('these tests need the local PagerDuty');
  hands = local;
});
afterAll(() => system.stop());

const alertOf = (id: string) => eventually(`the alert ${id}`, () => system.core.store.alerts.find('pagerduty', id), 30_000);
const settled = (id: string, status: Alert['status']) =>
  eventually(`${id} is ${status}`, async () => ((await alertOf(id)).status === status ? true : null), 30_000);
const inThread = (text: string) => system.see('alice', thread, text);
const kindsOf = async (incidentId: string) => (await system.core.store.audit.list({ incidentId }, 0, 1_000)).map(({ body }) => body.kind);
const quiet = () => eventually('an empty inbox', async () => ((await system.core.store.inbox.nextAt()) === null ? true : null), 30_000);

let card: SeenMessage;

test('a page opens a thread with findings and a plan before anybody has written a word', async () => {
  const { parts } = system;
  if (parts.estate === null) throw new Error('these tests need the simulated estate');
  const { channel, threadTs } = await begin(system, parts.estate.scenario);
  thread = { channel, ts: threadTs };
  card = await system.hands.until(slackUser('alice'), channel, threadTs, (message) => hasAction(message, 'plan.approve'));
  const [root] = await system.read('alice', thread);
  expect(textOf(root as SeenMessage)).toContain('checkout: error rate above 20%');
  await inThread('Revision 8 of checkout crashes on start');
  const { incident } = await system.incident(thread, () => true);
  expect(incident).toMatchObject({ source: 'pagerduty', service: 'checkout', requester: null });
  const [alert] = await system.core.store.alerts.list(incident.id, 0, 10);
  page = alert?.externalId ?? '';
  expect(alert).toMatchObject({ source: 'pagerduty', joinedBy: 'opened', status: 'firing' });
});

test('the thread lists its alerts, and says what PagerDuty knows', async () => {
  await inThread('1 alert: 1 firing');
  await inThread('From PagerDuty: 1 alert (1 firing) · on call: On call');
  const { incident } = await system.incident(thread, () => true);
  const observations = await system.core.store.observations.listForIncident(incident.id);
  expect(observations.map(({ operation }) => operation)).toContain('pagerduty.incident_context');
});

test('the page is the one that is mirrored to: none is opened beside it, and our own notes do not come back', async () => {
  const { incident } = await system.incident(thread, () => true);
  await eventually('notes on the page', async () =>
    system.documents('pagerduty', (kept) => (kept.list('note', page).length >= 2 ? true : null)),
  );
  await quiet();
  expect(system.documents('pagerduty', (kept) => kept.list('incident').length)).toBe(1);
  expect((await system.core.store.mirrorLinks.list(incident.id)).filter(({ sink }) => sink === 'pagerduty')).toHaveLength(1);
  expect(await kindsOf(incident.id)).not.toContain('pagerduty.annotated');
});

test('an acknowledgement in PagerDuty is told, and approves nothing', async () => {
  hands.acknowledge(page);
  await inThread('acknowledged by Alice Ndiaye');
  await settled(page, 'acknowledged');
  const { incident, plan } = await system.incident(thread, () => true);
  expect([plan?.state, plan?.votes]).toEqual(['pending', []]);
  expect(await kindsOf(incident.id)).toContain('pagerduty.acknowledged');
  expect(await kindsOf(incident.id)).not.toContain('vote.recorded');
});

test('what is said in PagerDuty stands in the thread, and can form nothing there', async () => {
  hands.annotate(page, 'hello <!channel> <https://evil.example|click>');
  const seen = await inThread('note by Alice Ndiaye');
  expect(textOf(seen)).toContain('&lt;!channel&gt;');
  expect(textOf(seen)).not.toContain('<https://evil.example');
});

test('a second page of the same service joins, and is looked into; one of another does not', async () => {
  // Two looks are minutes apart; this incident began long ago.
  await system.rows(`UPDATE incidents SET created_at = created_at - interval '1 hour'`);
  const second = hands.trigger('PFRONTEND', 'frontend: pages answer with 500');
  const other = hands.trigger('PCATALOG', 'catalog: search is slow');
  const [first, joined, apart] = await Promise.all([page, second, other].map(alertOf));
  expect(joined).toMatchObject({ incidentId: first?.incidentId, joinedBy: 'dependency' });
  expect(apart?.incidentId).not.toBe(first?.incidentId);
  await inThread('one of the two services depends on the other');
  await inThread('2 alerts: 1 firing, 1 acknowledged');
  await inThread('I looked again, because one more alert came in about frontend.');
  hands.resolve(other);
});

test('an approval of its plan resolves the incident; the pages that are resolved then are told', async () => {
  await system.hands.click(slackUser('alice'), card, 'plan.approve');
  const { incident } = await system.incident(thread, (each) => each.state === 'closed');
  expect(incident.outcome).toBe('resolved');
  for (const alert of await system.core.store.alerts.list(incident.id, 0, 10)) hands.resolve(alert.externalId);
  await inThread('All 2 PagerDuty incidents of this incident are resolved.');
});

test('a page that is reopened is investigated again, in the same thread', async () => {
  const { incident } = await system.incident(thread, () => true);
  hands.reopen(page);
  await inThread('reopened by Alice Ndiaye');
  const again = await system.incident(thread, (each) => each.state === 'closed' && each.closedAt !== incident.closedAt);
  expect(again.incident).toMatchObject({ id: incident.id, outcome: 'healthy' });
  const kinds = await kindsOf(incident.id);
  expect(kinds.filter((kind) => kind === 'incident.reopened')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'incident.investigating')).toHaveLength(2);
  hands.resolve(page);
});

async function count(query: string): Promise<number> {
  const [row] = await system.rows<{ n: string }>(`SELECT count(*) AS n FROM ${query}`);
  return Number(row?.n);
}

test('deliveries that come twice and in the wrong order are one page that ends as it ended', async () => {
  const pagerduty = system.parts.pagerduty;
  if (!pagerduty?.webhookFaults) throw new Error('these tests need the local PagerDuty');
  pagerduty.webhookFaults.reverse(3);
  pagerduty.webhookFaults.duplicate(3);
  const before = await count('incidents');
  const id = hands.trigger('PPAYMENT', 'payment: provider times out');
  hands.acknowledge(id);
  hands.resolve(id);
  await settled(id, 'resolved');
  await quiet();
  expect(await count(`alerts WHERE external_id = '${id}'`)).toBe(1);
  expect(await count('incidents')).toBe(before + 1);
  const kinds = (await kindsOf((await alertOf(id)).incidentId)).filter((kind) => kind.startsWith('pagerduty.'));
  expect(kinds.filter((kind) => kind === 'pagerduty.triggered')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'pagerduty.resolved').length).toBeLessThanOrEqual(1);
});

test('what PagerDuty has not signed, or signed long ago, is turned away', async () => {
  const secret = system.parts.pagerduty?.webhookSecrets[0] ?? '';
  const send = async (body: string, by: string) => {
    const signature = `v1=${createHmac('sha256', by).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-pagerduty-signature': signature };
    return (await fetch(`${system.apiUrl}/webhooks/pagerduty`, { method: 'POST', headers, body })).status;
  };
  const event = (at: Date) =>
    JSON.stringify({
      event: { id: 'E1', event_type: 'incident.triggered', occurred_at: at.toISOString(), data: { id: 'Q1', type: 'incident' } },
    });
  expect(await send(event(new Date()), 'made-up')).toBe(401);
  expect(await send(event(new Date(Date.now() - 50 * 3_600_000)), secret)).toBe(401);
  expect(await count("inbox WHERE dedupe_key = 'E1'")).toBe(0);
});

test('a storm of pages for one cause is one incident with a list, and one investigation', async () => {
  const before = await count('incidents');
  const ids = Array.from({ length: 40 }, (_, index) => hands.trigger('PCART', `cart: error ${index}`));
  await Promise.all(ids.map(alertOf));
  await quiet();
  const found = await Promise.all(ids.map(alertOf));
  expect(new Set(found.map(({ incidentId }) => incidentId)).size).toBe(1);
  expect(await count('incidents')).toBe(before + 1);
  const id = found[0]?.incidentId ?? '';
  const answer = await fetch(`${system.apiUrl}/v1/incidents/${id}`, { headers: { authorization: `Bearer ${system.adminToken}` } });
  expect(((await answer.json()) as { alerts: { counts: object } }).alerts.counts).toEqual({ firing: 40, acknowledged: 0, resolved: 0 });
  const { slack } = await system.core.store.incidents.get(id);
  const place = { channel: slack?.channel ?? '', ts: slack?.threadTs ?? '' };
  await system.see('alice', place, '40 alerts: 40 firing', '(30 more)');
  const lists = (await system.read('alice', place)).filter((message) => textOf(message).includes('40 alerts: 40 firing'));
  expect(lists).toHaveLength(1);
  expect((await kindsOf(id)).filter((kind) => kind === 'incident.investigating')).toHaveLength(1);
});

test('a read over the API takes the way of all others, to the runner of its site', async () => {
  const call = async (site: string) => {
    const headers = { authorization: `Bearer ${system.adminToken}`, 'content-type': 'application/json' };
    const input = { kind: 'deployment', namespace: 'shop', name: 'checkout' };
    const body = JSON.stringify({ site, operation: 'kubernetes.rollout_status', input });
    const answer = await fetch(`${system.apiUrl}/v1/tools/call`, { method: 'POST', headers, body });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const site = system.core.estate.sites[0]?.name ?? '';
  const { status, body } = await call(site);
  expect([status, body['status']]).toEqual([200, 'ok']);
  const kept = await system.core.store.observations.get(body['observation'] ?? '');
  expect(kept).toMatchObject({ callId: body['callId'], incidentId: 'none', site, operation: 'kubernetes.rollout_status' });
  expect(await call('elsewhere')).toMatchObject({ status: 422, body: { code: 'unknown_site' } });
});
