import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { findBinaries } from '../binaries.ts';
import type { ProbeCommand } from '../operation.ts';
import { createRegistry } from '../registry.ts';
import { createRun } from '../run.ts';
import { sampleSite } from '../testing/examples.ts';
import { probe } from './run.ts';

const loopback = ['127.0.0.0/8', '::1/128'];
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return (server.address() as AddressInfo).port;
}

const at = (port: number, more: Partial<ProbeCommand> = {}): ProbeCommand => ({
  kind: 'probe',
  what: 'http',
  host: 'localhost',
  port,
  ...more,
});
const ask = (command: ProbeCommand, networks = loopback, timeoutMs = 5_000) => probe(command, { timeoutMs, signal: undefined, networks });
const bodyOf = async (command: ProbeCommand) => {
  const result = await ask(command);
  if (result.kind === 'failed') throw new Error(result.message);
  return JSON.parse(result.body) as Record<string, unknown>;
};

it('a call that was stopped before it began asks nobody, and ends', async () => {
  const silent = createServer(() => undefined);
  const port = await listen(silent);
  const result = await probe(at(port, { what: 'tls' }), { timeoutMs: 60_000, signal: AbortSignal.abort(), networks: loopback });
  expect(result.kind).toBe('failed');
});

describe('probe.http', () => {
  it('tells status, size and times, and where a redirect leads without following it', async () => {
    const asked: string[] = [];
    const answer: RequestListener = (request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.host}`);
      response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end('moved');
    };
    const port = await listen(createServer(answer));
    const found = await bodyOf(at(port, { path: '/a?b=1' }));
    expect(found).toMatchObject({ status: 302, bytes: 5, location: 'http://169.254.169.254/latest', certificate: null });
    expect(asked).toEqual([`GET /a?b=1 localhost:${port}`]);
  });

  it('asks no address that is not public, unless its network is listed', async () => {
    let connections = 0;
    const server = createServer((_request, response) => void response.end());
    server.on('connection', () => {
      connections += 1;
    });
    const port = await listen(server);
    expect(await ask(at(port), [])).toMatchObject({
      kind: 'failed',
      code: 'forbidden',
      message: expect.stringContaining('sites[].probe.networks'),
    });
    expect(connections).toBe(0);
  });

  it('never asks where machines find their credentials, even where that is listed', async () => {
    const result = await ask(at(80, { host: '169.254.169.254' }), ['0.0.0.0/0']);
    expect(result).toMatchObject({ kind: 'failed', code: 'forbidden' });
  });

  it('says that nobody listens, and that nobody answers in time', async () => {
    const port = await listen(createServer(() => undefined));
    expect(await ask(at(port), loopback, 200)).toMatchObject({ kind: 'failed', code: 'timeout' });
    for (const server of servers) (server as ReturnType<typeof createServer>).closeAllConnections();
    expect(await ask(at(1))).toMatchObject({ kind: 'failed', code: 'unreachable', message: 'localhost: ECONNREFUSED' });
  });
});

it('probe.tls tells what a certificate is worth, and sends nothing', async () => {
  const { openssl = '' } = await findBinaries(['openssl'], process.env['PATH'] ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'probe-test-'));
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const argv = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '30',
    '-keyout',
    key,
    '-out',
    cert,
    ...subject,
  ];
  await createRun({ log: pino({ level: 'silent' }) })({ file: openssl, argv, timeoutMs: 20_000, maxOutputBytes: 10_000 });
  const requests: string[] = [];
  const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) => {
    requests.push(request.url ?? '');
    response.end('ok');
  });
  const port = await listen(server);
  const shown = { subject: 'localhost', names: ['DNS:localhost'], daysLeft: 29, trusted: false, problem: 'DEPTH_ZERO_SELF_SIGNED_CERT' };
  expect(await bodyOf(at(port, { what: 'tls' }))).toMatchObject({ certificate: shown });
  expect(requests).toEqual([]);
  expect(await bodyOf(at(port, { secure: true }))).toMatchObject({ status: 200, certificate: shown });
  await rm(folder, { recursive: true });
});

describe('hosts', () => {
  const build = (url: string, site = sampleSite) => {
    const operation = createRegistry().get('probe.http');
    return operation?.command(operation.input.parse({ url }), site);
  };

  it.each(['https://attacker.example/?secret=x', 'https://shop.example.attacker.example/', 'https://shop.example/', 'http://localhost/'])(
    'that no configuration names are not asked: %s',
    (url) => expect(() => build(url)).toThrow('sites[].probe.hosts'),
  );

  it('are none where nothing is configured', () => {
    const { probe: _, ...without } = sampleSite;
    expect(() => build('https://www.shop.example/', without)).toThrow('may not ask');
  });

  it.each([
    'https://user:pass@www.shop.example/',
    'ftp://www.shop.example/',
    'https://www.shop.example/#x',
    'https://www.shop.example\\@a.example/',
    'HTTPS://WWW.SHOP.EXAMPLE/',
  ])('are not named by %s', (url) => expect(createRegistry().get('probe.http')?.input.safeParse({ url }).success).toBe(false));
});
