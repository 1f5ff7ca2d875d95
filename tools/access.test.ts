import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createExecute } from './execute.ts';
import { prepare } from './prepare.ts';
import { createGrowingRedactor } from './redaction/index.ts';
import { createRegistry } from './registry.ts';
import { createRun } from './run.ts';
import { Site } from './site.ts';
import { secretsAt } from './site-secrets.ts';

const registry = createRegistry();
const id = '46a59ca3-acdf-4f6c-8633-e35a19b1d49e';
const matchers = [
  { name: 'alertname', op: '=', value: 'High "Errors"' },
  { name: 'pod', op: '!~', value: 'web-.+' },
];
const silence = {
  ...{ id, createdBy: 'watchkeeper', comment: 'INC-1', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T02:00:00Z' },
  status: { state: 'active' },
  matchers: [
    { name: 'alertname', value: 'High "Errors"', isRegex: false, isEqual: true },
    { name: 'pod', value: 'web-.+', isRegex: true, isEqual: false },
  ],
};

let folder = '';
let url = '';
let stop = () => {};
/** Who may come. */
let expected = '';
const asked: { readonly line: string; readonly body: unknown }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-test-'));
  for (const name of ['read', 'write']) await writeFile(join(folder, name), `made-up-${name}\n`);
  for (const name of ['promtool', 'amtool']) await writeFile(join(folder, name), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    asked.push({ line: `${request.method} ${request.url}`, body: body === '' ? null : JSON.parse(body) });
    if (request.headers.authorization !== expected) response.writeHead(401).end('who are you?');
    else if (request.url?.startsWith('/api/v1/')) response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
    else response.end(JSON.stringify(request.method === 'POST' ? { silenceID: id } : [silence]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterAll(async () => {
  stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  asked.length = 0;
});

const files = () => ({ read: join(folder, 'read'), write: join(folder, 'write') });

/** At a site that has the programs, too: they are not started. */
function siteWith(settings: object): Site {
  const each = { url, ...settings };
  const binaries = { promtool: join(folder, 'promtool'), amtool: join(folder, 'amtool') };
  return Site.parse({ name: 'shop', prometheus: each, alertmanager: each, binaries });
}

async function call(site: Site, operation: string, input: Record<string, unknown>) {
  const prepared = prepare({ site, registry }, { operation, input, mode: 'run' });
  if (prepared.kind === 'refused') throw new Error(prepared.message);
  const run = createRun({ log: pino({ level: 'silent' }) });
  const redactor = createGrowingRedactor([], new Uint8Array(32));
  const execute = createExecute({ site, run, redactor, now: () => new Date() });
  const credentials = prepared.operation.kind === 'read' ? 'read' : 'write';
  const execution = await execute(prepared.command, { timeoutMs: 5_000, signal: undefined, credentials });
  if (execution.failure !== null) return execution.failure;
  return prepared.operation.parse({ ...execution, exitCode: execution.exitCode ?? 0 }, prepared.input);
}

const basic = (password: string) => `Basic ${Buffer.from(`wk:made-up-${password}`).toString('base64')}`;
const ways = [
  ['a bearer token', () => ({ token: files() }), (account: string) => `Bearer made-up-${account}`],
  ['a password', () => ({ basic: { user: 'wk', password: files() } }), basic],
] as const;

it.each(ways)('with %s both accounts read and write by the API alone', async (_, settings, header) => {
  const site = siteWith(settings());
  expected = header('read');
  expect(await call(site, 'prometheus.query', { expr: 'up' })).toMatchObject({ samples: [] });
  expect(await call(site, 'alertmanager.silence_state', { id })).toMatchObject({ count: 1 });
  expect(await call(site, 'alertmanager.silence_expire', { id })).toMatchObject({ code: 'forbidden' });
  expected = header('write');
  expect(await call(site, 'alertmanager.silence_expire', { id })).toEqual({});
  expect(await call(site, 'alertmanager.silence_add', { matchers, comment: 'INC-1', until: silence.endsAt })).toEqual({ id });
  expect(asked.slice(-2)).toEqual([
    { line: `DELETE /api/v2/silence/${id}`, body: null },
    {
      line: 'POST /api/v2/silences',
      body: {
        ...{ matchers: silence.matchers, comment: 'INC-1', createdBy: 'watchkeeper' },
        ...{ startsAt: '2025-12-31T02:00:00.000Z', endsAt: '2026-01-01T02:00:00.000Z' },
      },
    },
  ]);
  expect(await call(site, 'prometheus.query', { expr: 'up' })).toMatchObject({ code: 'forbidden' });
});

it('a silence for a while begins when it is sent, and one that is named by its words is looked up', async () => {
  // One account for both: what is looked up is looked up with the one that reads.
  const one = { read: files().read, write: files().read };
  const site = siteWith({ basic: { user: 'wk', password: one } });
  expected = basic('read');
  const before = Date.now();
  expect(await call(site, 'alertmanager.silence_add', { matchers, comment: 'INC-1', duration: '90m' })).toEqual({ id });
  const { startsAt, endsAt, ...rest } = (asked.at(-1)?.body ?? {}) as { startsAt: string; endsAt: string };
  expect(Date.parse(startsAt)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(90 * 60_000);
  expect(rest).toEqual({ matchers: silence.matchers, comment: 'INC-1', createdBy: 'watchkeeper' });
  expect(await call(site, 'alertmanager.silence_expire', { matchers, comment: 'INC-1' })).toEqual({});
  expect(asked.at(-1)?.line).toBe(`DELETE /api/v2/silence/${id}`);
  expect(await call(site, 'alertmanager.silence_expire', { matchers, comment: 'another' })).toMatchObject({ code: 'not_found' });
});

it('its secrets are known as such, and it is one or the other', () => {
  for (const [, settings] of ways) {
    const known = secretsAt(siteWith(settings()));
    expect(known).toEqual(expect.arrayContaining(['made-up-read', 'made-up-write']));
    expect(known.join(' ')).not.toContain('wk:');
  }
  expect(() => siteWith({ token: files(), basic: { user: 'wk', password: files() } })).toThrow('either token or basic');
});
