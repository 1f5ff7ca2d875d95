import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { PolicyBundle } from '../../policy/decide.ts';

/** What a request to the bundle server held. */
interface Seen {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** For tests: serves what it is told to, and remembers who asked. */
export interface BundleServer {
  readonly url: string;
  readonly seen: Seen[];
  /** What it does with requests from now on. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Stops listening: nobody is there. */
  leave(): Promise<void>;
  /** Listens again, on the same port. */
  comeBack(): Promise<void>;
}

function entry(name: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write(`${body.length.toString(8).padStart(11, '0')} `, 124, 'latin1');
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** As opa build -t wasm writes it. */
export function archiveOf({ wasm, data }: PolicyBundle): Buffer {
  return gzipSync(Buffer.concat([entry('/data.json', data), entry('/policy.wasm', wasm), Buffer.alloc(1_024)]));
}

/** Serves a body under an ETag, as file servers do. */
export function serving(body: Uint8Array, etag = '"1"'): RequestListener {
  return (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag, 'content-type': 'application/gzip' }).end(body);
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

export async function startBundleServer(): Promise<BundleServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { authorization, 'if-none-match': ifNoneMatch } = request.headers;
    seen.push({ url: request.url ?? '', authorization, ifNoneMatch });
    self.answer(request, response);
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const self: BundleServer = {
    url: `http://127.0.0.1:${port}/policy.tar.gz`,
    seen,
    answer: (_request, response) => void response.writeHead(404).end(),
    leave: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    comeBack: () => listen(server, port),
  };
  return self;
}
