import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newIncident, seed } from '../../store/fixtures.ts';
import { createTestApi, type TestApi } from '../testing.ts';
import { HttpSettings } from './settings.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

const get = (url: string, headers: Record<string, string> = {}) => t.call('GET', url, { token: t.admin, headers });

describe('every answer', () => {
  test('cannot be framed, sniffed, or read by a page of another origin', async () => {
    const { headers } = await get('/v1/incidents', { origin: 'https://elsewhere.example' });
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-') || name === 'strict-transport-security')).toEqual([]);
    const preflight = await t.call('OPTIONS', '/v1/incidents', { token: t.admin });
    expect([preflight.statusCode, preflight.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
  });

  test('has the id that a proxy gave, where that is sane', async () => {
    expect((await get('/v1/incidents', { 'x-request-id': 'proxy-0123456789' })).headers['x-request-id']).toBe('proxy-0123456789');
    for (const bad of ['x', 'a b c d e f g h', `${'x'.repeat(65)}`, '{"forged":"log line"}'])
      expect((await get('/v1/incidents', { 'x-request-id': bad })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a method that does nothing is told what does, and a path that is not there is 404', async () => {
    const put = await t.call('PUT', '/v1/incidents/x', { token: t.admin });
    expect([put.statusCode, put.headers.allow, put.json().code]).toEqual([405, 'GET, HEAD', 'method_not_allowed']);
    expect((await t.call('DELETE', '/healthz')).statusCode).toBe(405);
    expect((await t.call('POST', '/v1/nope', { token: t.admin })).statusCode).toBe(404);
  });

  test('HEAD is GET without the body, also of a list that streams', async () => {
    for (const accept of ['application/json', 'application/x-ndjson']) {
      const head = await t.call('HEAD', '/v1/audit/entries', { token: t.admin, headers: { accept } });
      expect([head.statusCode, head.body]).toEqual([200, '']);
    }
  });

  test('what the caller does not take, and what nobody can read, is refused', async () => {
    expect((await get('/v1/incidents', { accept: 'text/html' })).statusCode).toBe(406);
    expect((await get('/v1/incidents', { accept: 'application/json;q=0, text/*' })).statusCode).toBe(406);
    expect((await get('/v1/incidents', { accept: 'text/html, application/*;q=0.1' })).statusCode).toBe(200);
    const send = (type: string, body: string) =>
      t.call('POST', '/v1/incidents', { token: t.admin, headers: { 'content-type': type }, body });
    expect((await send('application/xml', '<a/>')).statusCode).toBe(415);
    expect((await send('application/json', '{"title":')).statusCode).toBe(400);
    expect((await send('application/json', JSON.stringify({ title: 'x'.repeat(300_000) }))).statusCode).toBe(413);
    expect((await send('application/json', '{"title":"half \\ud800"}')).json()).toMatchObject({
      code: 'invalid_text',
      errors: [{ pointer: '/title' }],
    });
    expect((await get('/v1/incidents/%00')).statusCode).toBe(400);
  });
});

describe('tags', () => {
  test('an answer that the caller has is not sent again, until it is another one', async () => {
    const first = await get('/v1/incidents');
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    const again = await get('/v1/incidents', { 'if-none-match': `"other", W/${etag}` });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    await t.store.incidents.open(newIncident(), { kind: 'person', id: 'alice' });
    expect((await get('/v1/incidents', { 'if-none-match': etag })).statusCode).toBe(200);
    expect((await get('/v1/incidents/none', { 'if-none-match': '*' })).statusCode).toBe(404);
  });

  test('a write that names another state than there is does nothing', async () => {
    const { plan, incident } = await seed(t.store);
    const body = { verdict: 'approve', requestHash: 'a'.repeat(64) };
    const vote = (tag: string) => t.call('POST', `/v1/plans/${plan.id}/votes`, { token: t.admin, body, headers: { 'if-match': tag } });
    expect((await vote('"other"')).statusCode).toBe(412);
    expect(t.controls.asked).toHaveLength(0);
    await vote(String((await get(`/v1/plans/${plan.id}`)).headers.etag));
    expect(t.controls.asked).toHaveLength(1);
    const cancel = (tag: string) => t.call('POST', `/v1/incidents/${incident.id}/cancel`, { token: t.admin, headers: { 'if-match': tag } });
    expect((await cancel('"other"')).statusCode).toBe(412);
    expect((await cancel(String((await get(`/v1/incidents/${incident.id}`)).headers.etag))).statusCode).toBe(202);
  });
});

describe('an Idempotency-Key', () => {
  const open = (key: string, title = 'once', token = t.admin) =>
    t.call('POST', '/v1/incidents', { token, body: { title }, headers: { 'idempotency-key': key } });
  const titled = async (title: string) => (await t.store.incidents.list(null, 200)).filter((one) => one.title === title).length;

  test('opens one incident, however often and however fast it is sent', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => open('k-1')));
    const made = answers.filter(({ statusCode }) => statusCode === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(answers.every(({ statusCode, json }) => statusCode === 201 || (statusCode === 409 && json().code === 'in_progress'))).toBe(true);
    const again = await open('"k-1"');
    expect([again.statusCode, again.body, again.headers.location]).toEqual([201, made[0]?.body, made[0]?.headers.location]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await titled('once')).toBe(1);
  });

  test('stands for one request of one caller', async () => {
    await open('k-2', 'first');
    expect((await open('k-2', 'second')).json()).toMatchObject({ status: 422, code: 'key_reused' });
    expect(await titled('second')).toBe(0);
    expect((await open('k-2', 'second', await t.tokenWith('incidents:write'))).statusCode).toBe(201);
    expect((await open('ü')).json().code).toBe('bad_idempotency_key');
  });

  test('that was never answered is not tried again: whether it took effect is not known', async () => {
    await open('k-3');
    await t.db.force("UPDATE idempotency_keys SET status = NULL, started_at = now() - interval '1 hour' WHERE key = 'k-3'");
    expect((await open('k-3')).json()).toMatchObject({ status: 409, code: 'outcome_unknown' });
    await t.db.force("UPDATE idempotency_keys SET expires_at = now() WHERE key = 'k-3'");
    expect((await open('k-3')).statusCode).toBe(201);
  });

  test('that failed in the middle is not tried again either, until its answer is known', async () => {
    t.controls.lostAfterOpen = true;
    const first = await open('k-6', 'half done');
    t.controls.lostAfterOpen = false;
    expect([first.statusCode, first.json().detail]).toEqual([503, expect.stringContaining('may have been, or not: look before you send')]);
    for (let times = 0; times < 2; times += 1)
      expect((await open('k-6', 'half done')).json()).toMatchObject({ status: 409, code: 'outcome_unknown' });
    expect(await titled('half done')).toBe(1);
    // The process that had it was only slow: from then on its answer is known.
    await t.db.force("UPDATE idempotency_keys SET status = 201, headers = '{}', body = 'done' WHERE key = 'k-6'");
    expect((await open('k-6', 'half done')).body).toBe('done');
  });

  test('whose answer cannot be kept is answered all the same, and is not carried out again', async () => {
    await t.db.force("ALTER TABLE idempotency_keys ADD CONSTRAINT no_room CHECK (status IS NULL OR key <> 'k-8')");
    expect((await open('k-8', 'not kept')).statusCode).toBe(201);
    expect((await open('k-8', 'not kept')).json()).toMatchObject({ status: 409, code: 'in_progress' });
    expect(await titled('not kept')).toBe(1);
  });

  test('of what a runner did not carry out may be sent again', async () => {
    const call = () =>
      t.call('POST', '/v1/tools/call', { token: t.admin, body: { site: 'x', operation: 'a.b' }, headers: { 'idempotency-key': 'k-9' } });
    t.controls.read = {
      kind: 'answered',
      answer: { callId: 'c', status: 'error', observation: null, code: 'unreachable', message: 'away' },
    };
    for (let times = 0; times < 2; times += 1) expect((await call()).statusCode).toBe(503);
    t.controls.read = { kind: 'refused', code: 'unknown_site', message: 'There are no sites here.', errors: [] };
    for (let times = 0; times < 2; times += 1) expect((await call()).statusCode).toBe(422);
  });

  test('keeps no secret, and a refusal is said again as it was', async () => {
    const make = () =>
      t.call('POST', '/v1/service-tokens', {
        token: t.admin,
        body: { name: 'k', scopes: ['read'] },
        headers: { 'idempotency-key': 'k-4' },
      });
    const { secret } = (await make()).json();
    expect((await make()).json()).toMatchObject({ status: 409, code: 'already_done' });
    const kept = (await t.db.force('SELECT row_to_json(k)::text AS text FROM idempotency_keys k')).rows.map(({ text }) => text).join();
    expect(kept).not.toContain(secret);
    const call = () =>
      t.call('POST', '/v1/tools/call', { token: t.admin, body: { site: 'x', operation: 'a.b' }, headers: { 'idempotency-key': 'k-5' } });
    expect((await call()).body).toBe((await call()).body);
  });
});

test('whoever asks too often is told when to come again, and nobody else is kept out', async () => {
  const strict = await createTestApi(async () => ({
    http: HttpSettings.parse({ limits: { perCaller: 10, perAddress: 10 } }),
    publicUrl: 'https://watchkeeper.example',
  }));
  const ask = (token: string) => strict.call('GET', '/v1/tools', { token });
  const answers = [];
  for (let count = 0; count < 11; count += 1) answers.push(await ask(strict.admin));
  expect(answers[0]?.headers).toMatchObject({ 'ratelimit-policy': '"caller";q=10;w=60', 'strict-transport-security': 'max-age=31536000' });
  expect(answers[0]?.headers['ratelimit']).toMatch(/^"caller";r=9;t=\d+$/);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([...Array(10).fill(200), 429]);
  expect(answers[10]?.json()).toMatchObject({ status: 429, title: 'Too Many Requests', code: 'too_many_requests' });
  expect(Number(answers[10]?.headers['retry-after'])).toBeGreaterThan(0);
  const refused = [];
  for (let count = 0; count < 11; count += 1) refused.push((await ask('nothing')).statusCode);
  expect(refused).toEqual([...Array(10).fill(401), 429]);
  expect((await ask(await strict.tokenWith('read'))).statusCode).toBe(200);
  await strict.close();
});
