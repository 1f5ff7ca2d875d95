import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentHash } from '../../tools/canonical.ts';
import { decisionOf, observationOf, planOf } from '../store/fixtures.ts';
import { type Bench, createBench, effects } from './testing.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(async () => {
  await bench.close();
});

const bodies = () =>
  effects(bench.linear.ledger(), 'commentCreate').map((entry) => (entry.input as { input: { body: string } }).input.body.split('**')[1]);
const notes = () =>
  effects(bench.pagerduty.ledger(), 'notes.create').map((entry) => (entry.input as { note: { content: string } }).note.content);
const headlines = () => notes().map((text) => text.split('\n')[0]);

async function decide(incidentId: string): Promise<string> {
  const before = await bench.store.observations.put(observationOf(incidentId));
  const plan = planOf(incidentId, before);
  await bench.store.plans.save(plan, contentHash(plan), decisionOf(plan));
  await bench.store.plans.settle(plan.id, { kind: 'answer', verdict: 'reject', quorum: false }, 'not now');
  return plan.id;
}

test('an incident becomes one issue and one PagerDuty incident, with its decisions in their order', async () => {
  const incident = await bench.open();
  await decide(incident.id);
  await bench.store.incidents.close(incident.id, 'rejected', 'nobody wanted it');
  bench.mirror();
  await bench.drained();
  expect(effects(bench.linear.ledger(), 'issueCreate')).toHaveLength(1);
  expect(effects(bench.pagerduty.ledger(), 'events.enqueue')).toHaveLength(1);
  const said = ['Incident opened', 'Plan proposed', 'Plan rejected', 'Incident closed'];
  expect(bodies()).toEqual(said);
  expect(headlines()).toEqual(said);
  const links = await bench.store.mirrorLinks.list(incident.id);
  expect(links.map((link) => link.sink)).toEqual(['linear', 'pagerduty']);
});

test('the label follows the state, and labels that the team lacks are created once', async () => {
  const incident = await bench.open();
  await decide(incident.id);
  bench.mirror();
  await bench.drained();
  expect(effects(bench.linear.ledger(), 'issueLabelCreate')).toHaveLength(6);
  const page = await (await fetch(new URL('/', bench.linear.apiUrl))).text();
  expect(page).toContain('>assistant:rejected<');
  expect(page).not.toContain('>assistant:approval-pending<');
});

test('the Slack thread is attached when it is known', async () => {
  const incident = await bench.open();
  await bench.store.incidents.setThread(incident.id, { team: 'T1', channel: 'C1', threadTs: '1.2' });
  bench.mirror();
  await bench.drained();
  const attached = effects(bench.linear.ledger(), 'attachmentCreate');
  expect(new Set(attached.map((entry) => entry.effect)).size).toBe(1);
  expect(attached[0]?.input).toMatchObject({ input: { url: 'https://slack.example/archives/C1/p1.2' } });
});

test('a linked PagerDuty incident gets the notes, and none is opened', async () => {
  const first = await bench.open({ title: 'the page' });
  const stop = bench.mirror();
  await bench.drained();
  await stop();
  const [page] = (await bench.store.mirrorLinks.list(first.id)).filter((link) => link.sink === 'pagerduty');
  const second = await bench.open({ title: 'the same page' });
  await bench.store.mirrorLinks.put({ incidentId: second.id, sink: 'pagerduty', externalId: page?.externalId ?? '', url: null });
  bench.mirror();
  await bench.drained();
  expect(effects(bench.pagerduty.ledger(), 'events.enqueue')).toHaveLength(1);
  expect(notes()).toHaveLength(2);
});

test('an incident that the mirror opened is resolved when the incident is over', async () => {
  const incident = await bench.open();
  await bench.store.incidents.close(incident.id, 'resolved', 'undone');
  bench.mirror();
  await bench.drained();
  const page = await (await fetch(bench.pagerduty.apiUrl)).text();
  expect(page).toContain('>resolved<');
});

test.each(['issueCreate', 'commentCreate', 'issueLabelCreate', 'issueUpdate'])(
  'Linear takes %s and never answers: the effect is there once',
  async (operation) => {
    bench.linear.faults.hangAfterAccept(operation, 1);
    const incident = await bench.open();
    await decide(incident.id);
    bench.mirror();
    await bench.drained();
    expect(bench.linear.ledger().some((entry) => entry.operation === operation && entry.status === 0)).toBe(true);
    expect(effects(bench.linear.ledger(), 'issueCreate')).toHaveLength(1);
    expect(effects(bench.linear.ledger(), 'issueLabelCreate')).toHaveLength(6);
    expect(bodies()).toEqual(['Incident opened', 'Plan proposed', 'Plan rejected']);
  },
);

test.each(['notes.create', 'events.enqueue'])('PagerDuty takes %s and never answers: the effect is there once', async (operation) => {
  bench.pagerduty.faults.hangAfterAccept(operation, 1);
  const incident = await bench.open();
  await decide(incident.id);
  bench.mirror();
  await bench.drained();
  expect(bench.pagerduty.ledger().some((entry) => entry.operation === operation && entry.status === 0)).toBe(true);
  expect(effects(bench.pagerduty.ledger(), 'events.enqueue')).toHaveLength(1);
  expect(headlines()).toEqual(['Incident opened', 'Plan proposed', 'Plan rejected']);
});

test('a 429 is waited out for as long as the peer asks, without another call, and the order is kept', async () => {
  bench.pagerduty.faults.rateLimit('notes.create', 1, 2);
  bench.linear.faults.rateLimit('commentCreate', 1, 2);
  const incident = await bench.open();
  await decide(incident.id);
  bench.mirror();
  await bench.drained();
  for (const ledger of [bench.linear.ledger(), bench.pagerduty.ledger()]) {
    const limited = ledger.findIndex((entry) => entry.status === 429 || (entry.status === 400 && entry.effect === null));
    const [refused, next] = ledger.slice(limited);
    expect(Date.parse(next?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(1_950);
  }
  const said = ['Incident opened', 'Plan proposed', 'Plan rejected'];
  expect(bodies()).toEqual(said);
  expect(headlines()).toEqual(said);
});

test('an outage of both peers loses nothing, doubles nothing and keeps the order', async () => {
  bench.linear.faults.serverError('*', 4);
  bench.pagerduty.faults.serverError('*', 4);
  const incident = await bench.open();
  await decide(incident.id);
  bench.mirror();
  await bench.drained();
  const said = ['Incident opened', 'Plan proposed', 'Plan rejected'];
  expect(bodies()).toEqual(said);
  expect(headlines()).toEqual(said);
  expect(effects(bench.linear.ledger(), 'issueCreate')).toHaveLength(1);
});

test('mirrors that stop in the middle leave the rest to the next ones', async () => {
  const incidents = await Promise.all([bench.open(), bench.open(), bench.open()]);
  for (const incident of incidents) await decide(incident.id);
  bench.linear.faults.hangAfterAccept('commentCreate', 2);
  bench.pagerduty.faults.hangAfterAccept('notes.create', 2);
  const stop = bench.mirror();
  await expect.poll(() => effects(bench.linear.ledger(), 'commentCreate').length, { timeout: 10_000, interval: 10 }).toBeGreaterThan(0);
  await stop();
  bench.mirror();
  await bench.drained();
  expect(effects(bench.linear.ledger(), 'issueCreate')).toHaveLength(3);
  expect(bodies().toSorted()).toEqual(['Incident opened', 'Plan proposed', 'Plan rejected'].flatMap((said) => [said, said, said]));
  expect(notes()).toHaveLength(9);
});

test('what a peer refuses for good does not hold up what comes after it', async () => {
  bench.pagerduty.faults.serverError('notes.create', 1, 422);
  const incident = await bench.open();
  await decide(incident.id);
  bench.mirror();
  await bench.drained();
  expect(headlines()).toEqual(['Plan proposed', 'Plan rejected']);
});

test('a secret and a mention in the text arrive neither as secret nor as mention', async () => {
  await bench.open({ title: 'ask @everyone about hunter2', text: 'see [here](https://evil.example) <img src=x>' });
  bench.mirror();
  await bench.drained();
  const sent = JSON.stringify([bench.linear.ledger(), bench.pagerduty.ledger()].flat().map((entry) => entry.input));
  expect(sent).not.toContain('hunter2');
  expect(sent).not.toMatch(/@everyone|https:\/\/evil|[^\\]\]\(/);
});
