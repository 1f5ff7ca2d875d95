import { z } from 'zod';
import { parseJson } from '../json.ts';
import { type AnyOperation, type ProbeCommand, read, type SiteFacts } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { Certificate } from './certificate.ts';
import { allowedHost, Host, HttpUrl, Port } from './target.ts';

const timeoutMs = 15_000;
const ms = z.number().int();
const connection = { addresses: z.array(z.string()), address: z.string(), dnsMs: ms, connectMs: ms, tlsMs: ms };
const text = z.string().nullable();

const Answer = z.object({
  ...connection,
  status: z.number().int(),
  /** Counted up to one MiB. The body itself is not kept. */
  bytes: z.number().int(),
  /** Where a redirect leads: it was not followed. */
  location: text,
  contentType: text,
  server: text,
  retryAfter: text,
  totalMs: ms,
  certificate: Certificate.nullable(),
});

function httpProbe({ url, method }: { url: string; method: 'GET' | 'HEAD' }, site: SiteFacts): ProbeCommand {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const secure = protocol === 'https:';
  const host = allowedHost(hostname, site);
  return {
    kind: 'probe',
    what: 'http',
    host,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    secure,
    method,
    path: `${pathname}${search}`,
  };
}

const http = read({
  name: 'probe.http',
  summary: 'Status, latency and certificate of an address, as the site sees it',
  input: z.strictObject({ url: HttpUrl, method: z.enum(['GET', 'HEAD']).default('GET') }),
  output: Answer,
  command: httpProbe,
  parse: ({ stdout }) => parseJson(Answer, stdout),
  timeoutMs,
  permissions: ['connections to the hosts of sites[].probe'],
});

const Shown = z.object({ ...connection, certificate: Certificate });

const tls = read({
  name: 'probe.tls',
  summary: 'The certificate that a host shows, and how long it lasts',
  input: z.strictObject({ host: Host, port: Port.default(443) }),
  output: Shown,
  command: ({ host, port }, site) => ({ kind: 'probe', what: 'tls', host: allowedHost(host, site), port }),
  parse: ({ stdout }) => parseJson(Shown, stdout),
  timeoutMs,
  permissions: ['connections to the hosts of sites[].probe'],
});

const Records = z.object({ records: z.array(z.string()), ms });

const dns = read({
  name: 'probe.dns',
  summary: 'Records of a name, as the resolver of the site answers',
  input: z.strictObject({ host: Host, type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'SRV', 'TXT']).default('A') }),
  output: Records,
  command: ({ host, type }, site) => ({ kind: 'probe', what: 'dns', host: allowedHost(host, site), port: 53, type }),
  parse: ({ stdout }) => parseJson(Records, stdout),
  timeoutMs,
  permissions: ['the resolver of the site'],
});

const operations: readonly AnyOperation[] = [dns, http, tls];

export const system = defineSystem({
  name: 'probe',
  title: 'HTTP, DNS and TLS',
  operations,
  programs: [],
});
