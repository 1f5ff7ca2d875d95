import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSite, type TestSite } from '../real/site.ts';
import type { StandIn } from './stand-ins/serve.ts';
import { failedTrace, largeTrace, startTempo, tempoTenant, writeTempoCli } from './stand-ins/tempo.ts';

let directory: string;
let tempo: StandIn;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'watchkeeper-tempo-'));
  await writeTempoCli(join(directory, 'tempo-cli'));
  tempo = await startTempo();
});

afterAll(async () => {
  await tempo?.stop();
  await rm(directory, { recursive: true, force: true });
});

const times = { start: '2026-01-02T03:00:00.500Z', end: '2026-01-02T04:00:00.000Z' };

describe.each([
  ['the HTTP API', 'http'],
  ['tempo-cli', 'cli'],
] as const)('by %s', (_way, kind) => {
  const site = (tenant = tempoTenant): Promise<TestSite> =>
    createTestSite({ tempo: { url: tempo.url, tenant }, binaries: kind === 'cli' ? { 'tempo-cli': join(directory, 'tempo-cli') } : {} });

  it('traces are found by an expression, and the observation says which way', async () => {
    const here = await site();
    const answer = await here.read('tempo.search', { query: '{ resource.service.name = "checkout" && status = error }', ...times });
    expect(here.observationOf(answer)).toMatchObject({
      via: { kind },
      output: {
        traces: [
          {
            traceId: failedTrace,
            service: 'web',
            name: 'POST /orders',
            startedAt: '2026-01-02T03:00:00.000Z',
            durationMs: 200,
            matched: 2,
          },
        ],
        complete: true,
      },
    });
    expect(await here.output('tempo.search', { query: '{ status = error }', ...times })).toEqual({
      traces: [],
      omitted: 0,
      complete: false,
    });
  });

  it('a trace says where its time went and where its error began', async () => {
    const here = await site();
    const answer = await here.read('tempo.trace', { traceId: failedTrace });
    expect(here.observationOf(answer)).toMatchObject({
      via: { kind },
      output: {
        ...{ complete: true, spans: 3, root: { service: 'web', durationMs: 200, error: true } },
        criticalPath: [
          { service: 'web', ms: 20, percent: 10 },
          { service: 'checkout', ms: 20 },
          { service: 'payments', name: 'Charge', ms: 160, percent: 80 },
        ],
        errors: { spans: 3, origins: [{ service: 'payments', name: 'Charge', count: 1, message: 'no route to host' }] },
        calls: [
          { from: 'checkout', to: 'payments', count: 1, errors: 1 },
          { from: 'web', to: 'checkout', count: 1, errors: 1 },
        ],
      },
    });
  });

  it('a part of a trace is told as one, and what is not there is not found', async () => {
    const here = await site();
    expect(await here.output('tempo.trace', { traceId: largeTrace })).toMatchObject({
      complete: false,
      note: expect.stringContaining('maximum size'),
    });
    expect(await here.read('tempo.trace', { traceId: 'abc' })).toMatchObject({ status: 'error', code: 'not_found' });
  });

  it('tags have names and values', async () => {
    const here = await site();
    expect(await here.output('tempo.tags', times)).toEqual({
      scopes: [{ name: 'resource', tags: ['service.name', 'k8s.pod.name'], omitted: 0 }],
    });
    expect(await here.output('tempo.tag_values', { tag: 'resource.service.name', query: '{ status = error }' })).toEqual({
      values: [
        { type: 'string', value: 'web' },
        { type: 'string', value: 'checkout' },
      ],
      omitted: 0,
    });
  });

  it('an expression that does not parse is bad input', async () => {
    expect(await (await site()).read('tempo.search', { query: '{', ...times })).toMatchObject({ status: 'error', code: 'bad_input' });
  });

  it('another tenant gets nothing', async () => {
    expect(await (await site('other')).read('tempo.trace', { traceId: failedTrace })).toMatchObject({ status: 'error', code: 'forbidden' });
  });
});

it('with a token the API is asked, although the program is there: it would take it in its command line', async () => {
  const token = { read: join(directory, 'none'), write: join(directory, 'none') };
  const here = await createTestSite({ tempo: { url: tempo.url, token }, binaries: { 'tempo-cli': join(directory, 'tempo-cli') } });
  expect(await here.read('tempo.trace', { traceId: failedTrace })).toMatchObject({ status: 'error', code: 'context_unknown' });
});
