import { chmod, writeFile } from 'node:fs/promises';
import { type Answer, type Asked, type StandIn, serve, unknownIn } from './serve.ts';

/**
 * A stand-in of Tempo's HTTP API with more than one tenant, after its published documentation (docs/sources/tempo/api_docs of
 * grafana/tempo at 005fbdf1cd17595d45726a7ab0d2ef7420a96ba0). Parameters that the documentation does not have are refused.
 */

export const tempoTenant = 'shop';
export const failedTrace = '2f3e0cee77ae5dc9c17ade3689eb2e54';
export const largeTrace = 'd6e9329d67b6146a';

const nano = (ms: number) => String(1_767_322_800_000_000_000n + BigInt(ms) * 1_000_000n);

interface Span {
  readonly id: string;
  readonly parent?: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly error?: string;
}

function resourceSpans(service: string, spans: readonly Span[]) {
  return {
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [
      {
        scope: { name: 'made-up' },
        spans: spans.map(({ id, parent, name, from, to, error }) => ({
          ...{ traceId: failedTrace, spanId: id, name, kind: 'SPAN_KIND_SERVER', startTimeUnixNano: nano(from), endTimeUnixNano: nano(to) },
          ...(parent === undefined ? {} : { parentSpanId: parent }),
          status: error === undefined ? {} : { code: 'STATUS_CODE_ERROR', message: error },
        })),
      },
    ],
  };
}

const trace = {
  resourceSpans: [
    resourceSpans('web', [{ id: 'aaaaaaaaaaaaaaa1', name: 'POST /orders', from: 0, to: 200, error: 'Internal Server Error' }]),
    resourceSpans('checkout', [
      { id: 'aaaaaaaaaaaaaaa2', parent: 'aaaaaaaaaaaaaaa1', name: 'Place', from: 10, to: 190, error: 'payment failed' },
    ]),
    resourceSpans('payments', [
      { id: 'aaaaaaaaaaaaaaa3', parent: 'aaaaaaaaaaaaaaa2', name: 'Charge', from: 20, to: 180, error: 'no route to host' },
    ]),
  ],
};

const plain = (status: number, text: string): Answer => ({ status, body: Buffer.from(text), type: 'text/plain' });
const json = (body: unknown): Answer => ({ status: 200, body });
const whole = (text: string | null) => text === null || /^\d+$/.test(text);

function search({ query }: Asked): Answer {
  const bad = unknownIn(query, ['q', 'tags', 'minDuration', 'maxDuration', 'limit', 'start', 'end', 'spss']);
  if (bad.length > 0 || !whole(query.get('start')) || !whole(query.get('end')) || !whole(query.get('limit')))
    return plain(400, 'invalid parameter');
  if (!/^\{.*\}/.test(query.get('q') ?? '')) return plain(400, 'invalid TraceQL query: parse error at line 1, col 1: syntax error');
  if (!(query.get('q') ?? '').includes('checkout')) return json({ metrics: { completedJobs: 1, totalJobs: 3 } });
  const spans = [{ spanID: 'aaaaaaaaaaaaaaa2', startTimeUnixNano: nano(10), durationNanos: '180000000', attributes: [] }];
  const found = {
    traceID: failedTrace,
    rootServiceName: 'web',
    rootTraceName: 'POST /orders',
    startTimeUnixNano: nano(0),
    durationMs: 200,
  };
  return json({
    traces: [{ ...found, spanSets: [{ spans, matched: 2 }] }],
    metrics: { inspectedBytes: '1', completedJobs: 3, totalJobs: 3 },
  });
}

function byId({ query, path }: Asked): Answer {
  if (unknownIn(query, ['start', 'end', 'q', 'keep_hierarchy']).length > 0) return plain(400, 'invalid parameter');
  const id = path.slice(path.lastIndexOf('/') + 1);
  if (id === failedTrace) return json({ trace, metrics: {}, status: 'COMPLETE' });
  const partial = {
    trace: { resourceSpans: trace.resourceSpans.slice(0, 2) },
    metrics: {},
    status: 'PARTIAL',
    message: 'Trace exceeds maximum size of 5000000 bytes',
  };
  return id === largeTrace ? json(partial) : plain(404, 'trace not found');
}

function tags({ query, path }: Asked): Answer {
  if (unknownIn(query, ['scope', 'q', 'start', 'end', 'limit', 'maxStaleValues']).length > 0) return plain(400, 'invalid parameter');
  if (path.endsWith('/tags'))
    return json({ scopes: [{ name: 'resource', tags: ['service.name', 'k8s.pod.name'] }], metrics: { inspectedBytes: '1' } });
  return json({ tagValues: ['web', 'checkout'].map((value) => ({ type: 'string', value })), metrics: { inspectedBytes: '1' } });
}

export function startTempo(): Promise<StandIn> {
  return serve((asked) => {
    if (asked.method !== 'GET') return plain(405, 'method not allowed');
    if (asked.headers['x-scope-orgid'] !== tempoTenant) return plain(401, 'no org id');
    if (asked.path === '/api/search') return search(asked);
    if (/^\/api\/v2\/traces\/[0-9a-f]{1,32}$/.test(asked.path)) return byId(asked);
    return /^\/api\/v2\/search\/(tags|tag\/[\w.:-]+\/values)$/.test(asked.path) ? tags(asked) : plain(404, 'not found');
  });
}

/**
 * A stand-in of the program tempo-cli, after docs/sources/tempo/operations/tempo_cli.md of the same repository: the arguments and options
 * that `query api` has, and nothing else. Like some versions it prints the request of a search before its answer, and of a trace the trace alone.
 */
const program = `#!${process.execPath}
const [query, api, command, ...rest] = process.argv.slice(2);
if (query === '--version') process.exit(0);
const at = rest.indexOf('--');
const options = Object.fromEntries(rest.slice(0, at).map((flag) => /^--([a-z-]+)=([^]*)$/.exec(flag).slice(1)));
const [address, ...args] = rest.slice(at + 1);
const fail = (text) => { console.error('tempo-cli: error: ' + text); process.exit(1); };
const known = { search: ['limit', 'spss'], 'search-tag-values': ['query'], 'search-tags': [], 'trace-id': ['v1'] }[command];
if (query !== 'query' || api !== 'api' || known === undefined || at === -1) fail('unexpected argument');
for (const name of Object.keys(options)) if (![...known, 'org-id', 'path-prefix'].includes(name)) fail('unknown flag --' + name);
const seconds = (time) => String(Math.floor(Date.parse(time) / 1000));
const times = ([start, end]) => (start === undefined ? {} : { start: seconds(start), end: seconds(end) });
const paths = {
  search: () => ['/api/search', { q: args[0], ...times(args.slice(1)), ...(options.limit ? { limit: options.limit } : {}) }],
  'search-tags': () => ['/api/v2/search/tags', times(args)],
  'search-tag-values': () => ['/api/v2/search/tag/' + args[0] + '/values', { ...times(args.slice(1)), ...(options.query ? { q: options.query } : {}) }],
  'trace-id': () => ['/api/v2/traces/' + args[0], {}],
};
const [path, parameters] = paths[command]();
if (command === 'trace-id' ? !address.startsWith('http://') : !/^[a-z0-9.-]+:\\d+$/.test(address)) fail('address ' + address);
const base = command === 'trace-id' ? address : 'http://' + address + (options['path-prefix'] ?? '');
const response = await fetch(base + path + '?' + new URLSearchParams(parameters), { headers: { 'x-scope-orgid': options['org-id'] ?? '' } }).catch((error) => fail('connection refused ' + error));
const text = await response.text();
if (!response.ok) fail(command === 'trace-id' ? 'GET request to ' + base + path + ' failed with response: ' + response.status + ' body: ' + text : 'failed to query: ' + text);
if (command === 'search') console.log('&{GET ' + base + path + ' HTTP/1.1 map[]}');
const answer = JSON.parse(text);
if (command !== 'trace-id') console.log(JSON.stringify(answer));
else {
  if (answer.message) console.error('status: ' + answer.status + ' , message: ' + answer.message);
  console.log(JSON.stringify(answer.trace));
}
`;

export async function writeTempoCli(file: string): Promise<void> {
  await writeFile(`${file}.mjs`, program);
  await writeFile(file, `#!/bin/sh\nexec ${process.execPath} ${file}.mjs "$@"\n`);
  await chmod(file, 0o755);
}
