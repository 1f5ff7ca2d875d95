import { Resolver } from 'node:dns/promises';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ToolErrorCode } from '../contract.ts';
import type { ProbeCommand } from '../operation.ts';
import { certificateOf } from './certificate.ts';
import { addressesOf, connectTo, ProbeRefused, secure } from './connect.ts';

export type ProbeResult =
  | { readonly kind: 'answered'; readonly body: string }
  | { readonly kind: 'failed'; readonly code: ToolErrorCode; readonly message: string };

export interface ProbeLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** CIDR; addresses that are not public and may be asked all the same. */
  readonly networks: readonly string[];
}

/** Bytes of a body that are read, and counted only. */
const mostBody = 1024 * 1024;

/** Asks, and answers with JSON text. Redirects are told and never followed. */
export async function probe(command: ProbeCommand, { timeoutMs, signal, networks }: ProbeLimits): Promise<ProbeResult> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const ending = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  try {
    const found = command.what === 'dns' ? await records(command, ending) : await ask(command, networks, ending);
    return { kind: 'answered', body: JSON.stringify(found) };
  } catch (error) {
    if (signal?.aborted) return failed('cancelled', `${command.host}: stopped`);
    if (timeout.aborted) return failed('timeout', `${command.host} did not answer in time`);
    if (error instanceof ProbeRefused) return failed(error.code, error.message);
    return failed(codeOf(error) === 'ENOTFOUND' ? 'not_found' : 'unreachable', `${command.host}: ${codeOf(error)}`);
  }
}

function failed(code: ToolErrorCode, message: string): ProbeResult {
  return { kind: 'failed', code, message };
}

/** `ECONNREFUSED` …: never the error's message, which quotes what the other side sent. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
}

async function records({ host, type = 'A' }: ProbeCommand, signal: AbortSignal) {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  signal.addEventListener('abort', () => resolver.cancel(), { once: true });
  const started = performance.now();
  const found = await resolver.resolve(host, type).catch((error: unknown) => {
    if (codeOf(error) === 'ENODATA') return [];
    throw error;
  });
  const texts = [found].flat().map((record) => (typeof record === 'string' ? record : JSON.stringify(record)));
  return { records: texts.toSorted().slice(0, 100), ms: since(started) };
}

const since = (started: number): number => Math.round(performance.now() - started);

async function ask(command: ProbeCommand, networks: readonly string[], signal: AbortSignal) {
  const { host, port, what } = command;
  const started = performance.now();
  const addresses = await addressesOf(host, networks, signal);
  const dnsMs = since(started);
  const [address = ''] = addresses;
  const plain = await connectTo(address, port, signal);
  try {
    const connectMs = since(started);
    const tls = what === 'tls' || command.secure === true ? await secure(plain, host, signal) : null;
    const common = { addresses, address, certificate: tls === null ? null : certificateOf(tls, host, new Date()) };
    const timings = { dnsMs, connectMs, tlsMs: since(started) };
    if (what === 'tls') return { ...common, ...timings };
    return { ...common, ...timings, ...(await answerOf(command, tls ?? plain, signal)), totalMs: since(started) };
  } finally {
    plain.destroy();
  }
}

async function answerOf({ host, port, path = '/', method = 'GET' }: ProbeCommand, socket: Socket | TLSSocket, signal: AbortSignal) {
  const headers = { host: `${host}:${port}`, accept: '*/*', 'user-agent': 'watchkeeper-probe', connection: 'close' };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ createConnection: () => socket, path, method, headers, signal, setHost: false }, resolve)
      .on('error', reject)
      .end();
  });
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBody) break;
  }
  const { location, 'content-type': contentType, server, 'retry-after': retryAfter } = response.headers;
  return {
    status: response.statusCode ?? 0,
    bytes: Math.min(bytes, mostBody),
    location: location ?? null,
    contentType: contentType ?? null,
    server: server ?? null,
    retryAfter: retryAfter ?? null,
  };
}
