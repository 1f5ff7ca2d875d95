import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { effects, notesIn, saidInLinear, saidInPagerDuty } from './said.ts';
import { type Bench, createBench } from './testing.ts';
import { rejectedLife, resolvedLife } from './testing-lives.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(async () => {
  await bench.close();
});

/** Both peers hold every decision of the incident once, in the order of the audit log. */
async function expectEverythingOnce(incidentId: string): Promise<void> {
  const [forLinear, forPagerDuty] = [await bench.recorded(incidentId, 'linear'), await bench.recorded(incidentId, 'pagerduty')];
  expect(forLinear.length).toBeGreaterThan(3);
  expect(saidInLinear(bench.linear.ledger())).toEqual(forLinear);
  expect(saidInPagerDuty(bench.pagerduty.ledger())).toEqual(forPagerDuty);
  expect(effects(bench.linear.ledger(), 'issueCreate')).toHaveLength(1);
  expect(
    effects(bench.pagerduty.ledger(), 'events.enqueue').filter((entry) => JSON.stringify(entry.input).includes('trigger')),
  ).toHaveLength(1);
}

test('an incident becomes one issue and one page, with its decisions in their order', async () => {
  const incident = await bench.open();
  bench.mirror();
  await resolvedLife(bench.store, incident.id);
  await bench.drained();
  await expectEverythingOnce(incident.id);
  const links = await bench.store.mirrorLinks.list(incident.id);
  expect(links.map((link) => link.sink)).toEqual(['linear', 'pagerduty']);
});

test('what waited together is one note, and in Linear one comment between those that stand alone', async () => {
  const incident = await bench.open();
  await resolvedLife(bench.store, incident.id);
  bench.mirror();
  await bench.drained();
  await expectEverythingOnce(incident.id);
  const recorded = await bench.recorded(incident.id, 'pagerduty');
  expect(recorded.length).toBeLessThan(20);
  expect(notesIn(bench.pagerduty.ledger())).toHaveLength(1);
  const comments = effects(bench.linear.ledger(), 'commentCreate').map((entry) => (entry.input as { input: { body: string } }).input.body);
  expect(comments.filter((body) => body.startsWith('**Plan proposed**'))).toHaveLength(1);
  expect(comments.some((body) => /^\*\*\d decisions\*\*\n/.test(body))).toBe(true);
});

describe('a peer that takes a call and never answers: the effect is there once', () => {
  test.each(['issueCreate', 'commentCreate', 'commentUpdate', 'issueLabelCreate', 'issueUpdate', 'documentCreate'])(
    'Linear, %s',
    async (operation) => {
      bench.linear.faults.hangAfterAccept(operation, 1);
      const incident = await bench.open();
      await resolvedLife(bench.store, incident.id);
      bench.mirror();
      await bench.drained();
      expect(bench.linear.ledger().some((entry) => entry.operation === operation && entry.status === 0)).toBe(true);
      await expectEverythingOnce(incident.id);
      expect(effects(bench.linear.ledger(), 'issueLabelCreate')).toHaveLength(6);
      expect(effects(bench.linear.ledger(), 'documentCreate')).toHaveLength(1);
    },
  );

  test.each(['notes.create', 'events.enqueue', 'events.change'])('PagerDuty, %s', async (operation) => {
    bench.pagerduty.faults.hangAfterAccept(operation, 1);
    const incident = await bench.open();
    await resolvedLife(bench.store, incident.id);
    bench.mirror();
    await bench.drained();
    expect(bench.pagerduty.ledger().some((entry) => entry.operation === operation && entry.status === 0)).toBe(true);
    await expectEverythingOnce(incident.id);
    expect(effects(bench.pagerduty.ledger(), 'events.change')).toHaveLength(1);
  });
});

test('a 429 is waited out for as long as the peer asks, without another call, and the order is kept', async () => {
  bench.pagerduty.faults.rateLimit('notes.create', 1, 2);
  bench.linear.faults.rateLimit('commentCreate', 1, 2);
  const incident = await bench.open();
  await rejectedLife(bench.store, incident.id);
  bench.mirror();
  await bench.drained();
  for (const ledger of [bench.linear.ledger(), bench.pagerduty.ledger()]) {
    const limited = ledger.findIndex((entry) => entry.status === 429 || (entry.status === 400 && entry.effect === null));
    const [refused, next] = ledger.slice(limited);
    expect(Date.parse(next?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(1_950);
  }
  await expectEverythingOnce(incident.id);
});

/** Ten minutes in which both peers are down, at a hundredth of the time: refusals of both kinds by turns. */
test('an outage of ten minutes loses nothing, doubles nothing, keeps the order, and is waited out without hammering', async () => {
  const [minutes, second] = [10, 10];
  const down = setInterval(() => {
    for (const { faults } of [bench.linear, bench.pagerduty]) {
      faults.clear();
      if (Math.random() < 0.5) faults.rateLimit('*', 1_000, 0.01 * second);
      else faults.serverError('*', 1_000, Math.random() < 0.5 ? 500 : 503);
    }
  }, 5 * second);
  const incident = await bench.open();
  bench.mirror({}, { first: 5, longest: 600 });
  await resolvedLife(bench.store, incident.id);
  await new Promise((resolve) => setTimeout(resolve, minutes * 60 * second));
  clearInterval(down);
  const refused = [bench.linear, bench.pagerduty].map((peer) => peer.ledger().filter(({ status }) => status >= 400).length);
  for (const peer of [bench.linear, bench.pagerduty]) peer.faults.clear();
  await bench.drained();
  await expectEverythingOnce(incident.id);
  for (const count of refused) expect(count).toBeGreaterThan(5);
  for (const count of refused) expect(count).toBeLessThan(300);
  expect(await bench.store.outbox.list({ state: 'refused' }, 0, 10)).toEqual([]);
});

test('mirrors that stop in the middle leave the rest to the next ones', async () => {
  const incidents = await Promise.all([bench.open(), bench.open(), bench.open()]);
  for (const incident of incidents) await rejectedLife(bench.store, incident.id);
  bench.linear.faults.hangAfterAccept('commentCreate', 2);
  bench.pagerduty.faults.hangAfterAccept('notes.create', 2);
  const stop = bench.mirror();
  await expect.poll(() => effects(bench.linear.ledger(), 'commentCreate').length, { timeout: 10_000, interval: 10 }).toBeGreaterThan(0);
  await stop();
  bench.mirror();
  await bench.drained();
  expect(effects(bench.linear.ledger(), 'issueCreate')).toHaveLength(3);
  expect(effects(bench.pagerduty.ledger(), 'events.enqueue')).toHaveLength(3);
  for (const { id } of incidents) {
    const [issue] = (await bench.store.mirrorLinks.list(id)).filter((link) => link.sink === 'linear');
    expect(saidInLinear(bench.linear.ledger(), issue?.externalId)).toEqual(await bench.recorded(id, 'linear'));
  }
  expect(notesIn(bench.pagerduty.ledger())).toHaveLength(3);
});

test('what a peer refuses for good does not hold up what comes after it, and goes out when it is asked for again', async () => {
  bench.pagerduty.faults.serverError('notes.create', 1, 422);
  const incident = await bench.open();
  bench.mirror();
  await bench.drained();
  await rejectedLife(bench.store, incident.id);
  await bench.drained();
  const later = ['Finding', 'Policy demands approval', 'Plan proposed', 'Plan rejected'];
  expect(saidInPagerDuty(bench.pagerduty.ledger())).toEqual(later);
  const [dead] = await bench.store.outbox.list({ state: 'refused' }, 0, 10);
  expect(dead).toMatchObject({ sink: 'pagerduty', kind: 'incident.opened', lastError: expect.stringContaining('PagerDuty refused: 422') });
  expect(await bench.store.outbox.retry(dead?.id ?? 0, { kind: 'service_token', id: 't1' })).toEqual([dead?.id]);
  await bench.drained();
  expect(saidInPagerDuty(bench.pagerduty.ledger())).toEqual([...later, 'Incident opened']);
  expect(await bench.store.outbox.list({ state: 'refused' }, 0, 10)).toEqual([]);
});

test('a secret and a mention in the text arrive neither as secret nor as mention', async () => {
  const incident = await bench.open({ title: 'ask @everyone about hunter2', text: 'see [here](https://evil.example) <img src=x>' });
  await resolvedLife(bench.store, incident.id);
  bench.mirror();
  await bench.drained();
  const sent = JSON.stringify([bench.linear.ledger(), bench.pagerduty.ledger()].flat().map((entry) => entry.input));
  expect(sent).not.toContain('hunter2');
  expect(sent).not.toMatch(/@everyone|https:\/\/evil/);
});
