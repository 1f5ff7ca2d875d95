import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Person } from '../config-file.ts';
import { newIncident } from '../store/fixtures.ts';
import { startTestPages, type TestPages } from './testing.ts';
import { wayBack } from './way-back.ts';

const people: readonly Person[] = [
  { id: 'ann', name: 'Ann', roles: ['responder', 'approver'], oidc: 'sub-ann' },
  { id: 'vic', name: 'Vic', roles: ['viewer'], oidc: 'sub-vic' },
];
const minuteMs = 60_000;

let pages: TestPages;
let incident: string;
beforeAll(async () => {
  pages = await startTestPages(people);
  incident = (await pages.api.store.incidents.open(newIncident(), { kind: 'person', id: 'ann' })).incident.id;
});
afterEach(() => {
  pages.ahead = 0;
});
afterAll(() => pages.close());

test('a page asks for a sign-in first, and is there after it', async () => {
  const ann = pages.hand('ann');
  const away = await fetch(new URL(`/incidents/${incident}?x=1`, pages.url), { redirect: 'manual' });
  expect(away.headers.get('location')).toBe(`/login?to=${encodeURIComponent(`/incidents/${incident}?x=1`)}`);
  const seen = await ann.open(`/incidents/${incident}?x=1`);
  expect([seen.status, new URL(seen.url).pathname]).toEqual([200, `/incidents/${incident}`]);
  expect(seen.text).toContain('<h1>checkout fails</h1>');
});

test('the answer to a sign-in of the pages is not taken for one to a link', async () => {
  await pages.hand('ann').open('/');
  expect((await pages.api.store.audit.list({ kind: 'identity.*' }, 0, 10)).map(({ body }) => body.kind)).toEqual([]);
});

test('the id of a session is new at each sign-in, and the old one opens nothing', async () => {
  const ann = pages.hand('ann');
  await ann.open('/me');
  const first = ann.cookies.get('watchkeeper_session') ?? '';
  await ann.open('/login?fresh=1&to=/me');
  expect(ann.cookies.get('watchkeeper_session')).not.toBe(first);
  const old = await fetch(new URL('/me', pages.url), { redirect: 'manual', headers: { cookie: `watchkeeper_session=${first}` } });
  expect(old.status).toBe(303);
  const stored = await pages.api.db.force("SELECT encode(id, 'hex') AS id FROM web_sessions");
  expect(JSON.stringify(stored.rows)).not.toContain(first);
});

test.each([
  ['31 minutes without a request', [31]],
  ['8 hours of use', [...Array.from({ length: 16 }, (_, index) => (index + 1) * 29), 481]],
])('a session ends after %s', async (_name, minutes) => {
  const ann = pages.hand('ann');
  await ann.open('/me');
  const cookie = `watchkeeper_session=${ann.cookies.get('watchkeeper_session')}`;
  const statuses: number[] = [];
  for (const at of minutes) {
    pages.ahead = at * minuteMs;
    statuses.push((await fetch(new URL('/me', pages.url), { redirect: 'manual', headers: { cookie } })).status);
  }
  expect(statuses).toEqual([...minutes.slice(1).map(() => 200), 303]);
});

test('what a page asks for by itself does not keep a session alive', async () => {
  const ann = pages.hand('ann');
  await ann.open('/me');
  const cookie = `watchkeeper_session=${ann.cookies.get('watchkeeper_session')}`;
  const refresh = async (at: number) => {
    pages.ahead = at * minuteMs;
    const headers = { cookie, 'x-watchkeeper-refresh': '1' };
    return (await fetch(new URL(`/incidents/${incident}`, pages.url), { redirect: 'manual', headers })).status;
  };
  expect([await refresh(20), await refresh(31)]).toEqual([200, 303]);
});

test('signing out ends the session here and at the identity provider', async () => {
  const ann = pages.hand('ann');
  await ann.open('/me');
  const cookie = `watchkeeper_session=${ann.cookies.get('watchkeeper_session')}`;
  const out = await ann.send('/logout', '/me', {});
  expect(await out.text()).toContain('/session/end?');
  expect(ann.cookies.has('watchkeeper_session')).toBe(false);
  expect((await fetch(new URL('/me', pages.url), { redirect: 'manual', headers: { cookie } })).status).toBe(303);
});

test('who is not listed is told so, and gets no session', async () => {
  const hand = pages.hand('nobody');
  const seen = await hand.open('/');
  expect(seen.status).toBe(403);
  expect(seen.text).toContain('oidc: sub-nobody');
  expect(hand.cookies.has('watchkeeper_session')).toBe(false);
});

test.each([
  ['without the token', { token: '' }, {}],
  ['with the token of somebody else', { token: 'A'.repeat(43) }, {}],
  ['from another site', {}, { origin: 'https://evil.example' }],
  ['from another site that hides where', {}, { origin: 'null' }],
  ['as the browser says across sites', {}, { 'sec-fetch-site': 'cross-site' }],
])('a form %s does nothing', async (_name, fields, headers) => {
  const ann = pages.hand('ann');
  await ann.open('/');
  const answer = await ann.send(`/incidents/${incident}/cancel`, '/me', fields, headers);
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('This form was not sent from a page of yours.');
  expect(await pages.api.store.incidents.cancelRequestedBy(incident)).toBeNull();
});

test('a viewer gets no form for what they may not do, and is refused in the words of the API', async () => {
  const vic = pages.hand('vic');
  const seen = await vic.open(`/incidents/${incident}`);
  expect(seen.text).not.toContain('Ask for the stop');
  const answer = await vic.send(`/incidents/${incident}/cancel`, '/me', {});
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('This needs the scope incidents:write.');
});

test.each([
  '//evil.example',
  'https://evil.example/',
  '/\\evil.example',
  '/.//evil.example',
  'javascript:alert(1)',
  '/%2e/%2e//evil.example',
])('nobody is sent to %s', (to) => {
  const url = new URL(wayBack(to), 'http://pages.example');
  expect(url.origin).toBe('http://pages.example');
  expect(wayBack(to)).not.toMatch(/^\/[/\\]/);
});
