import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

const hostile = [
  "'; DROP TABLE incidents; --",
  "x' OR '1'='1",
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{7*7}}',
  '../../etc/passwd',
  '\u202etxt.exe',
];

const get = (url: string) => t.call('GET', url, { token: t.admin });

test('SQL and HTML in a field are words: kept as they are, and nothing comes of them', async () => {
  for (const text of hostile) {
    const made = await t.call('POST', '/v1/incidents', { token: t.admin, body: { title: text, text, service: text } });
    expect([made.statusCode, made.json().title, made.json().service]).toEqual([201, text, text]);
    const answer = await get(`/v1/incidents/${made.json().id}`);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' });
    expect(answer.json()).toMatchObject({ title: text, service: text });
  }
  expect((await get('/v1/incidents?limit=200')).json().items).toHaveLength(hostile.length);
});

test('in an address and in a filter they find nothing more', async () => {
  for (const text of hostile) {
    const value = encodeURIComponent(text);
    for (const path of ['incidents', 'plans', 'incidents/x/alerts'.replace('x', value)]) {
      const url = path.includes(value) ? `/v1/${path}` : `/v1/${path}/${value}`;
      expect([url, (await get(url)).statusCode]).toEqual([url, 404]);
    }
    const filters = [
      'incidents?requester=',
      'audit/entries?actor=',
      'audit/entries?operation=',
      'audit/entries?kind=',
      'policy/decisions?plan=',
    ];
    for (const filter of filters) {
      const answer = await get(`/v1/${filter}${value}`);
      expect([filter, answer.statusCode, answer.json().items]).toEqual([filter, 200, []]);
    }
    expect((await get(`/v1/incidents?cursor=${value}`)).json()).toMatchObject({ status: 400, errors: [{ pointer: '/cursor' }] });
    expect((await get(`/v1/incidents?site=${value}`)).statusCode).toBe(400);
  }
});

test('a page of ten million entries is refused with what there may be', async () => {
  for (const list of [
    'incidents',
    'audit/entries',
    'audit/checkpoints',
    'outbox',
    'approvals',
    'service-tokens',
    'identities',
    'break-glass',
    'policy/decisions',
  ]) {
    const answer = await get(`/v1/${list}?limit=10000000`);
    expect([list, answer.statusCode, answer.json().errors]).toEqual([
      list,
      400,
      [{ pointer: '/limit', detail: expect.stringContaining('200') }],
    ]);
  }
});

test('an incident that a token opens is on record as the token’s, for nobody unless it names somebody who is known', async () => {
  const open = async (body: object) => (await t.call('POST', '/v1/incidents', { token: t.admin, body: { title: 'x', ...body } })).json();
  const unnamed = await open({});
  expect(unnamed.requester).toBeNull();
  // Who made the token approves none of its plans, as a requester does not.
  expect((await t.store.incidents.get(unnamed.id)).coRequesters).toEqual(['alice']);
  expect((await open({ requester: 'mallory' })).code).toBe('unknown_person');
  const named = await open({ requester: 'alice' });
  expect(named.requester).toBe('alice');
  expect((await t.store.incidents.get(named.id)).coRequesters).toEqual([]);
  const [entry] = await t.store.audit.list({ incidentId: named.id, kind: 'incident.opened' }, 0, 1);
  expect(entry?.body).toMatchObject({ actor: { kind: 'service_token' }, data: { requester: 'alice' } });
});
