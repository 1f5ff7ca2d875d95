import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './promql/api.ts';
import type { EstateLog } from './socket.ts';
import type { World } from './world.ts';

const maxBody = 100_000;

/** The estate's Prometheus on a free port of the loopback interface. */
export async function servePrometheus(world: World, log: EstateLog): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    handle(request, response, world).catch((error: unknown) => {
      log.error({ err: error }, 'simulated prometheus failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://estate.invalid');
  if (url.pathname === '/-/ready' || url.pathname === '/-/healthy') {
    response.end('The simulated Prometheus is ready.\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'POST') {
    response.writeHead(405, { allow: 'GET, POST' }).end();
    return;
  }
  const query = new URLSearchParams(url.search);
  if (request.method === 'POST') for (const [key, value] of new URLSearchParams(await bodyOf(request))) query.append(key, value);
  world.advance();
  const { status, body } = answer(world.state, url.pathname, query, world.now());
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > maxBody) throw new RangeError('request body is too large');
  }
  return body;
}
