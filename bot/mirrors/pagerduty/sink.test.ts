import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { effects, notesIn } from '../said.ts';
import { type Bench, createBench } from '../testing.ts';
import { propose, resolvedLife } from '../testing-lives.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(async () => {
  await bench.close();
});

/** Pages of somebody else, linked to an incident: the first is the primary one. */
async function linkPages(incidentId: string, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const body = {
      incident: {
        type: 'incident',
        title: `page ${index}`,
        service: { id: 'PCHECKOUT', type: 'service_reference' },
        incident_key: randomUUID(),
      },
    };
    const { incident } = (await bench.rest('POST', '/incidents', body)) as { incident: { id: string; html_url: string } };
    await bench.store.mirrorLinks.put({ incidentId, sink: 'pagerduty', externalId: incident.id, url: incident.html_url });
    ids.push(incident.id);
  }
  return ids;
}

const notesOf = async (page: string) =>
  ((await bench.rest('GET', `/incidents/${page}/notes`)) as { notes: { content: string }[] }).notes.map((note) => note.content);
const statusOf = async (page: string) =>
  ((await bench.rest('GET', `/incidents/${page}`)) as { incident: { status: string } }).incident.status;

test('each line of a note is one decision, and its last line names the first and the last of them', async () => {
  const incident = await bench.open();
  await propose(bench.store, incident.id);
  bench.mirror();
  await bench.drained();
  const [note] = notesIn(bench.pagerduty.ledger());
  const audited = (await bench.store.audit.list({ incidentId: incident.id }, 0, 100)).map(({ body }) => body);
  const [first, last] = [audited.find(({ kind }) => kind === 'incident.opened'), audited.find(({ kind }) => kind === 'plan.proposed')];
  expect(note?.split('\n')).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d Incident opened: checkout fails; by alice$/),
    expect.stringMatching(/^\d\d:\d\d:\d\d Finding: the image cannot be pulled$/),
    expect.stringMatching(/^\d\d:\d\d:\d\d Policy demands approval$/),
    expect.stringMatching(/^\d\d:\d\d:\d\d Plan proposed: undo the rollout$/),
    `ref ${first?.id}..${last?.id}`,
  ]);
});

test('a linked page gets the notes, and none is opened', async () => {
  const incident = await bench.open();
  const [page] = await linkPages(incident.id, 1);
  bench.mirror();
  await bench.drained();
  expect(effects(bench.pagerduty.ledger(), 'events.enqueue')).toEqual([]);
  expect(await notesOf(page ?? '')).toHaveLength(1);
});

test('of several pages the first gets everything, the others where that is and how it ended', async () => {
  const incident = await bench.open();
  const [primary = '', ...others] = await linkPages(incident.id, 12);
  const stop = bench.mirror();
  await resolvedLife(bench.store, incident.id);
  await bench.drained();
  await stop();
  expect((await notesOf(primary)).join('\n')).toContain('Plan approved');
  for (const page of others) {
    const notes = await notesOf(page);
    expect(notes.at(-1)).toMatch(
      new RegExp(`^Handled together with http\\S*${primary}; it ended: resolved\\.\nref ${incident.id} closed$`),
    );
    expect(notes.length).toBeLessThanOrEqual(2);
  }
});

test('a page that joins later is told once, and one that takes no note holds nothing up', async () => {
  const incident = await bench.open();
  await linkPages(incident.id, 1);
  bench.mirror();
  await bench.drained();
  const late = (await linkPages(incident.id, 2))[1] ?? '';
  await bench.store.mirrorLinks.put({ incidentId: incident.id, sink: 'pagerduty', externalId: 'QGONE', url: null });
  await propose(bench.store, incident.id);
  await bench.drained();
  await bench.store.incidents.transition(incident.id, 'investigating');
  await bench.drained();
  expect(await notesOf(late)).toEqual([expect.stringMatching(/^Handled together with .*\.\nref \S+ opened$/)]);
  expect(await bench.store.outbox.list({ state: 'refused' }, 0, 10)).toEqual([]);
});

describe('at the end', () => {
  const end = async (resolving: 'never' | 'own' | 'verified', outcome: 'resolved' | 'healthy' | 'rolled_back', linked: boolean) => {
    const incident = await bench.open();
    if (linked) await linkPages(incident.id, 2);
    await bench.store.incidents.close(incident.id, outcome, 'over');
    bench.mirror({ resolving });
    await bench.drained();
    const links = (await bench.store.mirrorLinks.list(incident.id)).filter((link) => link.sink === 'pagerduty');
    return Promise.all(links.map((link) => statusOf(link.externalId)));
  };

  test.each([
    ['never', 'resolved', false, ['triggered']],
    ['own', 'resolved', false, ['resolved']],
    ['own', 'healthy', false, ['resolved']],
    ['own', 'rolled_back', false, ['triggered']],
    ['own', 'resolved', true, ['triggered', 'triggered']],
    ['verified', 'resolved', true, ['resolved', 'resolved']],
    ['verified', 'healthy', true, ['triggered', 'triggered']],
    ['verified', 'rolled_back', true, ['triggered', 'triggered']],
  ] as const)('resolve: %s, outcome %s, pages of others %s', async (resolving, outcome, linked, statuses) => {
    expect(await end(resolving, outcome, linked)).toEqual(statuses);
  });

  test('a page that a person resolved meanwhile is no failure', async () => {
    const incident = await bench.open();
    const [page = ''] = await linkPages(incident.id, 1);
    await bench.rest('PUT', `/incidents/${page}`, { incident: { type: 'incident_reference', status: 'resolved' } });
    await bench.store.incidents.close(incident.id, 'resolved', 'over');
    bench.mirror({ resolving: 'verified' });
    await bench.drained();
    expect(await bench.store.outbox.list({ state: 'refused' }, 0, 10)).toEqual([]);
  });
});
