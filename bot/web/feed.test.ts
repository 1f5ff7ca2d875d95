import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { say } from '../audit/testing.ts';
import { alice, newIncident } from '../store/fixtures.ts';
import { silent } from '../store/testing.ts';
import { createFeed } from './feed.ts';
import { cookieOf, type Hand, people, startTestPages, type TestPages } from './testing.ts';

let pages: TestPages;
let ann: Hand;
beforeAll(async () => {
  pages = await startTestPages(people);
  ann = pages.hand('ann');
  await ann.open('/');
});
afterAll(() => pages.close());

const incident = async (title: string) => (await pages.api.store.incidents.open(newIncident({ title }), alice)).incident.id;

/** Reads server-sent events until as many ids have come. */
async function idsOf(response: Response, count: number): Promise<readonly number[]> {
  const ids: number[] = [];
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; ids.length < count; ) {
    const { value, done } = (await reader?.read()) ?? { done: true };
    if (done) break;
    text += value;
    ids.splice(0, ids.length, ...[...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)));
  }
  await reader?.cancel();
  return ids;
}

test('new entries come by themselves, and a browser that was away goes on where it was', async () => {
  const { pool } = pages.api.db;
  const id = await incident('watched');
  const cookie = cookieOf(ann);
  const events = (headers: Record<string, string>) => fetch(new URL(`/incidents/${id}/events?after=0`, pages.url), { headers });
  const first = await events({ cookie });
  expect(first.headers.get('content-type')).toBe('text/event-stream');
  const seen = idsOf(first, 3);
  await say(pool, { incidentId: id });
  await say(pool, { incidentId: id });
  const [opened = 0, ...later] = await seen;
  expect(later).toHaveLength(2);
  expect(await idsOf(await events({ cookie, 'last-event-id': String(opened) }), 2)).toEqual(later);
  expect((await events({})).status).toBe(401);
});

test('one person with many pages takes nobody else’s place, and a place that is left is free again', async () => {
  const id = await incident('followed');
  const ben = pages.hand('ben');
  await ben.open('/');
  const leave = new AbortController();
  const events = async (hand: Hand, signal = leave.signal) => {
    const cookie = cookieOf(hand);
    const { body } = await fetch(new URL(`/incidents/${id}/events`, pages.url), { headers: { cookie }, signal });
    // It stays open until it is left: leaving a loop would end it.
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ''; ; ) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      text += value ?? '';
      const [, word = done ? 'nothing' : ''] = /^event: (live|busy)$/m.exec(text) ?? [];
      if (word !== '') return { word, text };
    }
  };
  const one = new AbortController();
  const first = await events(ann, one.signal);
  const most = await Promise.all(Array.from({ length: 19 }, () => events(ann)));
  expect([first, ...most].map(({ word }) => word)).toEqual(Array(20).fill('live'));
  expect((await events(ann)).text).toContain('event: busy\ndata: own\n');
  expect((await events(ben)).word).toBe('live');
  one.abort();
  await vi.waitFor(async () => expect((await events(ann)).word).toBe('live'), 5_000);
  leave.abort();
});

test('all together are no more than the server can look for', () => {
  const feed = createFeed({ pool: pages.api.db.pool, log: silent, most: { each: 2, all: 3 } });
  const kinds = ['ann', 'ann', 'ann', 'ben', 'eve'].map((who) => feed.watch({ incidentId: 'i', after: 0, who, tell: () => {} }));
  feed.stop();
  expect(kinds.map((each) => (each.kind === 'busy' ? each.whose : each.kind))).toEqual(['watching', 'watching', 'own', 'watching', 'all']);
});
