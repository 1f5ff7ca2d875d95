import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPagerDutyClient } from '../../../bot/mirrors/pagerduty/client.ts';
import { type LocalPagerDuty, startPagerDuty } from '../../../bot/sandbox/pagerduty/server.ts';
import type { Exchange } from '../../../bot/sandbox/pagerduty/types.ts';
import { notice, published, readPublished } from './published.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.0 writes `nullable: true` where JSON Schema writes a type list; discriminators carry no constraint of their own here. */
function asJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, discriminator: _discriminator, example: _example, readOnly: _readOnly, ...rest } = value as Json;
  const schema = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, asJsonSchema(item)]));
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

const dir = mkdtempSync(join(tmpdir(), 'watchkeeper-contract-'));
const exchanges: Exchange[] = [];
let pagerduty: LocalPagerDuty;

async function rest(method: string, path: string, body?: object): Promise<Json> {
  const headers = { authorization: `Token token=${pagerduty.token}`, from: pagerduty.fromEmail, 'content-type': 'application/json' };
  const response = await fetch(`${pagerduty.apiUrl}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Json;
}

beforeAll(async () => {
  pagerduty = await startPagerDuty({
    host: '127.0.0.1',
    port: 0,
    dataFile: join(dir, 'pagerduty.db'),
    users: [{ id: 'PALICE1', name: 'Alice', email: 'alice@shop.example' }],
    log: pino({ level: 'silent' }),
    onExchange: (one) => void exchanges.push(one),
  });
  const client = createPagerDutyClient(pagerduty);
  await client.events?.trigger('incident-1', 'checkout fails', 'checkout', 'https://slack.example/archives/C1/p1');
  const incident = await client.find('incident-1');
  const id = incident?.id ?? '';
  await client.addNote(id, 'Plan proposed');
  await client.notes(id);
  await client.setStatus(id, 'acknowledged', 'alice@shop.example');
  await client.statusUpdate(id, 'Looking into it');
  const requester = (await client.userId(pagerduty.fromEmail)) ?? '';
  const [onCall] = await client.onCall('PCHECKOUT');
  await client.requestResponders(id, requester, 'Please help', [
    { id: onCall?.userId ?? '', type: 'user_reference' },
    { id: 'PPOLICY1', type: 'escalation_policy_reference' },
  ]);
  await client.page(id);
  await client.events?.change({
    key: 'decision-1',
    summary: 'Step done and verified',
    source: 'checkout',
    at: '2026-01-01T10:00:00.000Z',
    details: { incident: 'incident-1' },
    links: [{ href: 'https://slack.example/archives/C1/p1', text: 'Slack thread' }],
  });
  expect(await client.changeKeys(new Date('2026-01-01T10:00:00.000Z'))).toEqual(['decision-1']);
  await rest('POST', '/webhook_subscriptions', {
    webhook_subscription: {
      type: 'webhook_subscription',
      delivery_method: { type: 'http_delivery_method', url: 'http://127.0.0.1:9/' },
      description: 'test',
      events: ['incident.triggered'],
      filter: { type: 'account_reference' },
    },
  });
  for (const path of [
    `/incidents/${id}`,
    `/incidents/${id}/alerts`,
    `/incidents/${id}/log_entries`,
    `/incidents/${id}/related_change_events`,
    `/incidents/${id}/past_incidents`,
    `/incidents/${id}/related_incidents`,
    '/users/me',
    '/users',
    '/services',
    '/services/PCHECKOUT',
    '/oncalls',
    '/log_entries',
    '/users',
    '/change_events',
    '/change_events?since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z',
    '/services/PCHECKOUT/change_events?limit=10',
    '/services/PUNKNOWN/change_events',
  ])
    await rest('GET', path);
  await rest('GET', '/incidents/QUNKNOWN');
  await client.events?.resolve('incident-1');
  await client.events?.trigger('incident-2', 'checkout fails again', 'checkout', null);
  await client.setStatus((await client.find('incident-2'))?.id ?? '', 'resolved', pagerduty.fromEmail);
});

afterAll(async () => {
  await pagerduty.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The file gives the acknowledgement's log entry two names that exclude each other; the one of the general list holds. */
function amended(text: string): string {
  return text.replaceAll('"acknowledgement_log_entry"', '"acknowledge_log_entry"');
}

/** A response may be a reference; a JSON pointer does not follow it. */
function inlineResponses(document: {
  components?: { responses?: Json };
  paths: Record<string, Record<string, { responses?: Json }>>;
}): void {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const name =
        String((response as { $ref?: string }).$ref ?? '')
          .split('/')
          .at(-1) ?? '';
      const found = document.components?.responses?.[name];
      if (operation.responses !== undefined && found !== undefined) operation.responses[status] = found;
    }
  }
}

function validatorOf(name: string) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  // The package's own `url` refuses loopback addresses.
  ajv.addFormat('url', { validate: (text: string) => URL.canParse(text) });
  for (const format of ['tzinfo', 'activesupport-time-zone']) ajv.addFormat(format, true);
  const document = asJsonSchema(JSON.parse(amended(readPublished(name)))) as {
    components?: { responses?: Json };
    paths: Record<string, Record<string, { responses?: Json }>>;
  };
  inlineResponses(document);
  ajv.addSchema(document, name);
  return (pointer: string, value: unknown): readonly string[] => {
    const validate = ajv.getSchema(`${name}#${pointer}`);
    if (validate === undefined) return [`nothing published at ${pointer}`];
    return validate(value) === true ? [] : (validate.errors ?? []).map((error) => `${pointer} ${error.instancePath} ${error.message}`);
  };
}

const escaped = (path: string) => encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('%7E', '~');

test.each([
  ['pagerduty-rest.openapi.json', (path: string) => (path.startsWith('/v2/') ? null : path)],
  ['pagerduty-events-v2.openapi.json', (path: string) => (path.startsWith('/v2/') ? path.slice(3) : null)],
] as const)(
  'every request and every answer satisfies %s',
  (name, pathOf, { skip }: { skip: (note: string) => void } = { skip: () => {} }) => {
    if (!published) return skip(notice);
    const check = validatorOf(name);
    const problems = exchanges.flatMap((exchange) => {
      const path = pathOf(exchange.path);
      if (path === null) return [];
      const base = `/paths/${escaped(path)}/${exchange.method.toLowerCase()}`;
      const content = 'content/application~1json/schema';
      const request =
        exchange.request === undefined || exchange.request === null ? [] : check(`${base}/requestBody/${content}`, exchange.request);
      if (exchange.status >= 300) return request;
      return [...request, ...check(`${base}/responses/${exchange.status}/${content}`, exchange.response)];
    });
    expect(problems).toEqual([]);
  },
);
