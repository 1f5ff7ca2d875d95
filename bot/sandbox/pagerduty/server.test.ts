import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LocalPagerDuty, startPagerDuty } from './server.ts';

const log = pino({ level: 'silent' });
let dir: string;
let pagerduty: LocalPagerDuty;
const start = () => startPagerDuty({ host: '127.0.0.1', port: 0, dataFile: join(dir, 'pagerduty.db'), log, webhookRetryAfterMs: [10] });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchkeeper-pagerduty-'));
  pagerduty = await start();
});
afterEach(async () => {
  await pagerduty.close();
  rmSync(dir, { recursive: true, force: true });
});

const call = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
  fetch(`${pagerduty.apiUrl}${path}`, {
    ...init,
    headers: { authorization: `Token token=${pagerduty.token}`, 'content-type': 'application/json', ...headers },
  });
const trigger = (key: string, summary = 'checkout fails') =>
  call('/v2/enqueue', {
    method: 'POST',
    body: JSON.stringify({
      routing_key: pagerduty.routingKey,
      event_action: 'trigger',
      dedup_key: key,
      payload: { summary, source: 'test', severity: 'critical' },
    }),
  });
const first = async () => ((await (await call('/incidents')).json()) as { incidents: { id: string; status: string }[] }).incidents[0];
const codeOf = async (response: Response) => [response.status, ((await response.json()) as { error: { code: number } }).error.code];

test('refusals carry the codes of the real one', async () => {
  await trigger('k');
  const id = (await first())?.id;
  const note = { method: 'POST', body: JSON.stringify({ note: { content: 'x' } }) };
  const from = { from: pagerduty.fromEmail };
  expect(await codeOf(await call('/incidents', {}, { authorization: 'Token token=wrong' }))).toEqual([401, 2006]);
  expect(await codeOf(await call(`/incidents/${id}/notes`, note))).toEqual([400, 1008]);
  expect(await codeOf(await call(`/incidents/${id}/notes`, { ...note, body: '{"note":{}}' }, from))).toEqual([400, 2001]);
  expect(await codeOf(await call(`/incidents/${id}/notes`, { ...note, body: '{' }, from))).toEqual([400, 2001]);
  expect(await codeOf(await call('/incidents/QNONE'))).toEqual([404, 2100]);
  const resolve = { method: 'PUT', body: JSON.stringify({ incident: { type: 'incident_reference', status: 'resolved' } }) };
  expect((await call(`/incidents/${id}`, resolve, from)).status).toBe(200);
  expect(await codeOf(await call(`/incidents/${id}`, resolve, from))).toEqual([400, 1001]);
});

test('events with one key make one incident, and answers carry the rate limit', async () => {
  await trigger('k');
  await trigger('k');
  const response = await call('/incidents');
  expect(((await response.json()) as { incidents: unknown[] }).incidents).toHaveLength(1);
  expect(response.headers.get('ratelimit-limit')).toBe('960');
});

test('credentials, objects and the ledger survive a restart', async () => {
  await trigger('k');
  const { token } = pagerduty;
  await pagerduty.close();
  pagerduty = await start();
  expect(pagerduty.token).toBe(token);
  expect(pagerduty.ledger().map((entry) => entry.operation)).toEqual(['events.enqueue']);
  expect((await first())?.status).toBe('triggered');
});

test('what arrived is shown without markup of its own', async () => {
  await trigger('k', '<script>alert(1)</script>');
  const html = await (await call('/')).text();
  expect(html).toContain('&lt;script&gt;');
  expect(html).not.toContain('<script>');
});

interface Delivery {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Answers the statuses given, then 202. */
async function receiver(statuses: number[]): Promise<{ server: Server; url: string; got: Delivery[] }> {
  const got: Delivery[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got };
}

test('a webhook is signed, retried with the same id after a 5xx, and later ones of the incident wait for it', async () => {
  const { server, url, got } = await receiver([503, 429]);
  pagerduty.deliverTo(url);
  await trigger('k');
  await call(
    `/incidents/${(await first())?.id}/notes`,
    { method: 'POST', body: JSON.stringify({ note: { content: 'x' } }) },
    { from: pagerduty.fromEmail },
  );
  await expect.poll(() => got.length).toBe(4);
  server.close();
  const types = got.map((delivery) => (JSON.parse(delivery.body) as { event: { event_type: string } }).event.event_type);
  expect(types).toEqual(['incident.triggered', 'incident.triggered', 'incident.triggered', 'incident.annotated']);
  expect(new Set(got.slice(0, 3).map((delivery) => delivery.headers['x-webhook-id'])).size).toBe(1);
  for (const { headers, body } of got)
    expect(headers['x-pagerduty-signature']).toBe(`v1=${createHmac('sha256', pagerduty.webhookSecret).update(body).digest('hex')}`);
});

test('webhooks name who did it, and can be sent twice and in reverse', async () => {
  const { server, url, got } = await receiver([]);
  pagerduty.deliverTo(url);
  pagerduty.webhookFaults.reverse(2);
  const id = pagerduty.hands.trigger('PCHECKOUT', 'checkout fails');
  pagerduty.hands.acknowledge(id);
  await expect.poll(() => got.length).toBe(2);
  pagerduty.webhookFaults.duplicate(1);
  pagerduty.hands.reopen(id);
  await expect.poll(() => got.length).toBe(4);
  server.close();
  const events = got.map(({ body }) => (JSON.parse(body) as { event: { event_type: string; agent: { summary: string } | null } }).event);
  expect(events.map(({ event_type, agent }) => [event_type, agent?.summary])).toEqual([
    ['incident.acknowledged', 'Alice Ndiaye'],
    ['incident.triggered', undefined],
    ['incident.unacknowledged', 'Alice Ndiaye'],
    ['incident.unacknowledged', 'Alice Ndiaye'],
  ]);
  expect(got[2]?.headers['x-webhook-id']).toBe(got[3]?.headers['x-webhook-id']);
});

test('a person triggers and resolves an incident on the page, from this machine only', async () => {
  const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${pagerduty.apiUrl}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
  expect(await (await call('/')).text()).toContain('Trigger incident for checkout');
  const trigger = { service: 'PCHECKOUT', title: 'checkout: error rate above 20%' };
  expect((await form('/ui/incidents', trigger, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await form('/ui/incidents', trigger)).status).toBe(303);
  const incident = await first();
  expect((await form(`/ui/incidents/${incident?.id}`, { change: 'resolve' })).status).toBe(303);
  expect((await first())?.status).toBe('resolved');
});

test('the page shows notes, status updates, responders and changes, in their order', async () => {
  await trigger('k');
  const path = `/incidents/${(await first())?.id}`;
  const send = async (to: string, body: object) => {
    const response = await call(to, { method: 'POST', body: JSON.stringify(body) }, { from: pagerduty.fromEmail });
    expect(response.ok).toBe(true);
  };
  await send(`${path}/notes`, { note: { content: 'a <b>note</b>' } });
  await send(`${path}/status_updates`, { message: 'a plan waits' });
  const target = { responder_request_target: { id: 'PUSER01', type: 'user_reference' } };
  await send(`${path}/responder_requests`, { requester_id: 'PUSER01', message: 'come', responder_request_targets: [target] });
  const payload = { summary: 'checkout rolled back', timestamp: new Date().toISOString() };
  await send('/v2/change/enqueue', { routing_key: pagerduty.routingKey, payload });
  const html = await (await call('/')).text();
  const shown = ['a &lt;b&gt;note', 'Status update: a plan waits', 'Responders asked for (On call): come', 'checkout rolled back'];
  const places = shown.map((text) => html.indexOf(text));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('three refused deliveries in a row disable the subscription', async () => {
  const { server, url, got } = await receiver([401, 401, 401]);
  pagerduty.deliverTo(url);
  for (const key of ['a', 'b', 'c']) {
    await trigger(key);
    await expect.poll(() => got.length).toBe(['a', 'b', 'c'].indexOf(key) + 1);
  }
  await expect
    .poll(async () => JSON.stringify(await (await call('/webhook_subscriptions')).json()))
    .toContain('"temporarily_disabled":true');
  server.close();
});
