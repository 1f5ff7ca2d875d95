import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries } from './binaries.ts';
import { createExecute } from './execute.ts';
import type { HttpCommand } from './operation.ts';
import { createGrowingRedactor } from './redaction/index.ts';
import { createRun } from './run.ts';
import { Site } from './site.ts';
import { selfSigned } from './testing/certificates.ts';

const { openssl } = await findBinaries(['openssl'], process.env['PATH'] ?? '');

describe.runIf(openssl !== undefined)('a server whose authority is our own', () => {
  let folder = '';
  let url = '';
  let stop = () => {};
  const asked: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'authority-test-'));
    const { key, certificate } = await selfSigned(folder, 'ours');
    await selfSigned(folder, 'others');
    await writeFile(join(folder, 'token'), 'made-up-token');
    const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'} ${Buffer.concat(chunks)}`);
      if (request.url === '/away') response.writeHead(302, { location: '/api' });
      if (request.url === '/nothing') response.writeHead(204);
      response.end(request.url === '/nothing' ? undefined : '{"ok":true}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  afterAll(async () => {
    stop();
    await rm(folder, { recursive: true });
  });

  const systems = ['prometheus', 'alertmanager', 'thanos', 'thanos-blocks', 'tempo', 'grafana', 'vault', 'boundary', 'github'];

  /** Every system there, with that file as its authority. */
  async function ask(service: string, ca: string | undefined, path = '/api', more: Partial<HttpCommand> = {}) {
    const file = ca === undefined ? undefined : join(folder, ca);
    const token = { read: join(folder, 'token'), write: join(folder, 'token') };
    const http = { url, ca: file };
    const site = Site.parse({
      name: 'shop',
      ...{ prometheus: http, alertmanager: http, thanos: { ...http, blocks: url }, tempo: http, grafana: { ...http, token } },
      ...{ vault: { address: url, caCert: file, token }, boundary: { address: url, caCert: file, token } },
      github: { host: url.slice('https://'.length), repositories: ['shop/*'], token, ca: file },
    });
    const run = createRun({ log: pino({ level: 'silent' }) });
    const redactor = createGrowingRedactor([], new Uint8Array(32));
    const execute = createExecute({ site, run, redactor, now: () => new Date() });
    const command = { kind: 'http', method: 'GET', service, path, query: {}, ...more } as const;
    return await execute(command, { timeoutMs: 5_000, signal: undefined, credentials: 'read' });
  }

  it.each(systems)('of %s is trusted where the site says so, and no other is', async (service) => {
    expect((await ask(service, undefined)).failure).toMatchObject({ code: 'unreachable' });
    expect((await ask(service, 'others.crt')).failure).toMatchObject({ code: 'unreachable' });
    expect(await ask(service, 'ours.crt')).toMatchObject({ status: 200, stdout: '{"ok":true}', failure: null });
  });

  it('gets the whole request, and may answer with nothing', async () => {
    asked.length = 0;
    const body = JSON.stringify({ comment: 'ä' });
    expect(await ask('grafana', 'ours.crt', '/api/x', { method: 'POST', body, query: { a: 'b c' } })).toMatchObject({ status: 200 });
    expect(await ask('grafana', 'ours.crt', '/nothing')).toMatchObject({ status: 204, stdout: '', failure: null });
    expect(asked).toEqual([`POST /api/x?a=b+c Bearer made-up-token ${body}`, 'GET /nothing Bearer made-up-token ']);
  });

  it('is followed nowhere else', async () => {
    asked.length = 0;
    expect((await ask('grafana', 'ours.crt', '/away')).failure).toMatchObject({ code: 'unreachable' });
    expect(asked).toHaveLength(1);
  });

  it.each(['absent.crt', 'token'])('is not asked where %s stands for the authority', async (file) => {
    asked.length = 0;
    const { failure } = await ask('tempo', file);
    expect(failure).toEqual({
      code: 'context_unknown',
      message: expect.stringMatching(/authority of tempo.*cannot be read, or is no certif/),
    });
    expect(asked).toEqual([]);
  });
});
