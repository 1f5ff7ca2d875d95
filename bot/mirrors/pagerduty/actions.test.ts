import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { engage } from '../../engagement.ts';
import { createPages } from '../../pages.ts';
import { inTransaction } from '../../store/pool.ts';
import { effects } from '../said.ts';
import { type Bench, createBench } from '../testing.ts';
import { rejectedLife, resolvedLife } from '../testing-lives.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(async () => {
  await bench.close();
});

interface Seen {
  readonly status: string;
  readonly acknowledgements: readonly { readonly acknowledger: { readonly id: string } }[];
  readonly responder_requests: readonly { readonly message: string; readonly responder_request_targets: readonly object[] }[];
}

async function page(incidentId: string): Promise<Seen> {
  const link = (await bench.store.mirrorLinks.list(incidentId)).find(({ sink }) => sink === 'pagerduty');
  return ((await bench.rest('GET', `/incidents/${link?.externalId}`)) as { incident: Seen }).incident;
}

const updates = () =>
  effects(bench.pagerduty.ledger(), 'status_updates.create').map((entry) => (entry.input as { message: string }).message);
const refused = async () => (await bench.store.outbox.list({ state: 'refused' }, 0, 10)).map(({ kind, lastError }) => [kind, lastError]);

describe('status updates', () => {
  test('say what is asked, what was decided and how it ended, one sentence each, with where to look', async () => {
    const incident = await bench.open();
    await resolvedLife(bench.store, incident.id);
    bench.mirror();
    await bench.drained();
    const address = `https://watchkeeper.example/incidents/${incident.id}`;
    expect(updates()).toEqual([
      `Plan proposed: undo the rollout ${address}`,
      `Plan approved: approve by bob ${address}`,
      `Incident closed: resolved; The rollout was undone. ${address}`,
    ]);
  });

  test('one whose answer is lost is not sent again, because it cannot be looked up; it is a dead letter until somebody asks', async () => {
    bench.pagerduty.faults.hangAfterAccept('status_updates.create', 1);
    const incident = await bench.open();
    await rejectedLife(bench.store, incident.id);
    bench.mirror();
    await bench.drained();
    expect(updates()).toHaveLength(2);
    expect(await refused()).toEqual([['plan.proposed', expect.stringContaining('cannot be looked up')]]);
    const [dead] = await bench.store.outbox.list({ state: 'refused' }, 0, 10);
    await bench.store.outbox.retry(dead?.id ?? 0, { kind: 'system', id: 'test' });
    await bench.drained();
    expect(updates()).toHaveLength(3);
  });

  test.each([429, 500, 503])('one that was surely not taken (%i) is sent again', async (status) => {
    if (status === 429) bench.pagerduty.faults.rateLimit('status_updates.create', 2, 0.1);
    else bench.pagerduty.faults.serverError('status_updates.create', 2, status);
    const incident = await bench.open();
    await rejectedLife(bench.store, incident.id);
    bench.mirror();
    await bench.drained();
    expect(updates()).toHaveLength(2);
    expect(await refused()).toEqual([]);
  });

  test('an account without them loses only them', async () => {
    bench.pagerduty.faults.serverError('status_updates.create', 10, 402);
    const incident = await bench.open();
    await resolvedLife(bench.store, incident.id);
    bench.mirror();
    await bench.drained();
    expect((await refused()).map(([kind]) => kind)).toEqual(['plan.proposed', 'plan.approved', 'incident.closed']);
    expect(effects(bench.pagerduty.ledger(), 'events.change')).toHaveLength(1);
    expect(effects(bench.pagerduty.ledger(), 'notes.create').length).toBeGreaterThan(0);
  });
});

describe('change events', () => {
  test('there is one for each executed write, with its links, and none for what was not executed', async () => {
    const incident = await bench.open();
    await bench.store.incidents.setThread(incident.id, { team: 'T1', channel: 'C1', threadTs: '1.2' });
    const plan = await resolvedLife(bench.store, incident.id);
    bench.mirror();
    await bench.drained();
    const [change, ...more] = effects(bench.pagerduty.ledger(), 'events.change').map((entry) => entry.input);
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      payload: {
        summary: expect.stringContaining('Step done and verified: kubernetes.rollout_undo'),
        source: 'checkout',
        custom_details: {
          incident: incident.id,
          plan: plan.id,
          step: 's1',
          operation: 'kubernetes.rollout_undo',
          watchkeeper: expect.any(String),
        },
      },
      links: [
        { href: 'https://slack.example/archives/C1/p1.2', text: 'Slack thread' },
        { href: `https://watchkeeper.example/incidents/${incident.id}`, text: 'Incident' },
        { href: `https://watchkeeper.example/plans/${plan.id}`, text: 'Plan' },
      ],
    });
  });

  test('a crash before the call sends it, once it is sure that it was not taken', async () => {
    const incident = await bench.open();
    await resolvedLife(bench.store, incident.id);
    await bench.db.force("UPDATE outbox SET maybe_sent_at = now(), attempts = 1 WHERE sink = 'pagerduty_actions' AND kind = 'step.done'");
    bench.mirror();
    await bench.drained();
    expect(effects(bench.pagerduty.ledger(), 'events.change')).toHaveLength(1);
  });
});

describe('an acknowledgement', () => {
  const engaged = async (person: string, email: string | undefined, pagerduty: string | undefined) => {
    const incident = await bench.open();
    const somebody = { id: person, name: person, roles: ['responder' as const], email, pagerduty };
    const who = Object.fromEntries(Object.entries(somebody).filter(([, value]) => value !== undefined)) as typeof somebody & {
      email: string;
      pagerduty: string;
    };
    for (let times = 0; times < 2; times += 1) await inTransaction(bench.db.pool, (tx) => engage(tx, bench.store.record, who, incident.id));
    bench.mirror();
    await bench.drained();
    return incident.id;
  };

  test('is made once, in the name of the person who takes care of it', async () => {
    const id = await engaged('alice', 'alice@shop.example', 'PALICE1');
    expect(await page(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ acknowledger: { id: 'PALICE1' } }] });
    expect(bench.pagerduty.ledger().filter(({ operation }) => operation === 'incidents.update')).toHaveLength(1);
    expect(await bench.store.audit.list({ incidentId: id, kind: 'person.engaged' }, 0, 10)).toHaveLength(1);
  });

  test('is not made for somebody without an account', async () => {
    const id = await engaged('carol', undefined, undefined);
    expect((await page(id)).status).toBe('triggered');
    expect(await bench.store.audit.list({ incidentId: id, kind: 'person.engaged' }, 0, 10)).toEqual([]);
  });

  test('whose e-mail PagerDuty does not know is a dead letter that says so, and the notes are there', async () => {
    const id = await engaged('erin', 'erin@elsewhere.example', 'PERIN01');
    expect((await page(id)).status).toBe('triggered');
    expect(await refused()).toEqual([['person.engaged', expect.stringContaining('Requester User Not Found')]]);
    expect(effects(bench.pagerduty.ledger(), 'notes.create').length).toBeGreaterThan(0);
  });

  test('of a page that has one already changes nothing', async () => {
    const incident = await bench.open();
    const stop = bench.mirror();
    await bench.drained();
    await stop();
    const link = (await bench.store.mirrorLinks.list(incident.id)).find(({ sink }) => sink === 'pagerduty');
    await bench.rest('PUT', `/incidents/${link?.externalId}`, { incident: { type: 'incident_reference', status: 'acknowledged' } });
    const bob = { id: 'bob', name: 'Bob', roles: ['responder' as const], email: 'bob@shop.example', pagerduty: 'PBOB001' };
    await inTransaction(bench.db.pool, (tx) => engage(tx, bench.store.record, bob, incident.id));
    bench.mirror();
    await bench.drained();
    expect((await page(incident.id)).acknowledgements).toMatchObject([{ acknowledger: { id: 'PUSER01' } }]);
  });
});

describe('people are paged', () => {
  const request = { planId: null, key: 'k1', message: 'Still waiting for 1 approval.' } as const;

  test('who is on call for the service, once however often it is asked for, even if the answer is lost', async () => {
    bench.pagerduty.faults.hangAfterAccept('responder_requests.create', 1);
    const incident = await bench.open();
    const pages = createPages(bench.db.pool, bench.store.record);
    await Promise.all([1, 2, 3].map(() => pages.page({ ...request, incidentId: incident.id, targets: 'on_call' })));
    bench.mirror();
    await bench.drained();
    const { responder_requests: requests } = await page(incident.id);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.message).toMatch(/^Still waiting for 1 approval\.\nhttps:\/\/watchkeeper\.example\/incidents\/\S+\nref \S+$/);
    expect(requests[0]?.responder_request_targets).toEqual([{ responder_request_target: { id: 'PUSER01', type: 'user_reference' } }]);
    expect(bench.pagerduty.ledger().some(({ operation, status }) => operation === 'responder_requests.create' && status === 0)).toBe(true);
  });

  test('everybody: all who are mapped, and the escalation policy', async () => {
    const incident = await bench.open();
    await createPages(bench.db.pool, bench.store.record).page({ ...request, incidentId: incident.id, targets: 'everybody' });
    bench.mirror();
    await bench.drained();
    const targets = (await page(incident.id)).responder_requests[0]?.responder_request_targets;
    expect(JSON.stringify(targets)).toMatch(/PALICE1.*PBOB001.*PERIN01.*PPOLICY1/);
  });
});
