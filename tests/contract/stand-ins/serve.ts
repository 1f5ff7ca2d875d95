import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Null: none. */
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  /** JSON unless it is bytes. */
  readonly body: unknown;
  readonly type?: string;
}

export interface StandIn {
  readonly url: string;
  readonly asked: Asked[];
  stop(): Promise<void>;
}

/** Serves on loopback what `answer` says; what it throws is a 500. */
export async function serve(answer: (asked: Asked) => Answer): Promise<StandIn> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', 'http://stand-in.example');
    const one = {
      ...{ method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers },
      body: text === '' ? null : (JSON.parse(text) as unknown),
    };
    asked.push(one);
    const { status, body, type = 'application/json' } = answer(one);
    response.writeHead(status, { 'content-type': type }).end(body instanceof Buffer ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Names of parameters that are none of these. */
export function unknownIn(query: URLSearchParams, known: readonly string[]): string[] {
  return [...query.keys()].filter((name) => !known.includes(name));
}
