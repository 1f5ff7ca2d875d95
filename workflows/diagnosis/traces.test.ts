import { expect, it } from 'vitest';
import { contractVersion, type Observation } from '../../tools/contract.ts';
import type { TraceSummary } from '../../tools/tempo/trace/summary.ts';
import type { Estate } from '../ports.ts';
import { diagnose } from './diagnose.ts';
import { followUps } from './follow-ups.ts';
import type { Kept } from './observed.ts';
import { buildSnapshot } from './snapshot.ts';

const at = new Date('2026-01-02T04:00:00.000Z');

const service = (name: string, traces?: string): Estate['services'][number] => ({
  ...{ name, site: 'a', namespace: 'shop', owners: [], errorRateQuery: null, errorRateLimit: 0.05, verifyWithinSeconds: 60, channel: null },
  ...(traces === undefined ? {} : { traces }),
});
const estate: Estate = { sites: [], people: [], services: [service('web'), service('orders', 'shop-orders-api')] };

function kept(digit: string, operation: string, input: Record<string, unknown>, output: unknown): Kept {
  const via = { kind: 'http', method: 'GET', url: 'http://tempo.example/', bodySha256: null } as const;
  const body: Observation = {
    ...{ version: contractVersion, callId: 'c', incidentId: 'i', site: 'a', operation, mode: 'run', input, via, status: 'ok', output },
    ...{ errorCode: null, exitCode: null, startedAt: at.toISOString(), finishedAt: at.toISOString(), stdout: '', stderr: '' },
    ...{ truncated: false, redactions: 0, redactionVersion: 'x' },
  };
  return { id: digit.repeat(64), body };
}

const found = kept(
  '1',
  'tempo.search',
  {},
  { traces: ['t1', 't2', 't3', 't4'].map((traceId) => ({ traceId })), omitted: 0, complete: true },
);

function read(digit: string, traceId: string, change: Partial<TraceSummary> = {}): Kept {
  const summary: TraceSummary = {
    ...{ complete: true, note: '', spans: 2, startedAt: at.toISOString(), skewed: 0, criticalPathOmittedMs: 0 },
    root: { service: 'web', name: 'GET /', durationMs: 100, error: true },
    services: ['web', 'shop-orders-api'].map((name) => ({ name, spans: 1, errors: 1 })),
    criticalPath: [{ service: 'shop-orders-api', name: 'Place', spanId: 'a', ms: 90, percent: 90, error: true }],
    errors: { spans: 2, origins: [{ service: 'shop-orders-api', name: 'Place', count: 1, message: 'no stock' }], originsOmitted: 0 },
    calls: [{ from: 'web', to: 'shop-orders-api', count: 1, errors: 1 }],
    ...change,
  };
  return kept(digit, 'tempo.trace', { traceId }, summary);
}

it('failed traces that were found are read next, the first ones, each once', () => {
  const asked = (...all: Kept[]) =>
    followUps(buildSnapshot(all, estate, at), []).map(({ operation, input }) => `${operation} ${input['traceId']}`);
  expect(asked(found)).toEqual(['tempo.trace t1', 'tempo.trace t2', 'tempo.trace t3']);
  expect(asked(found, read('2', 't1'), read('3', 't2'))).toEqual(['tempo.trace t3']);
});

it('their errors point at the service where they begin, by its name in the configuration, with the critical path as evidence', () => {
  const snapshot = buildSnapshot([found, read('2', 't1'), read('3', 't2')], estate, at);
  expect(snapshot.calls).toContainEqual(expect.objectContaining({ namespace: 'shop', from: 'web', to: 'orders' }));
  const [finding, ...more] = diagnose(snapshot);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    ...{ cause: 'errors_begin_here', entity: { site: 'a', kind: 'service', namespace: 'shop', name: 'orders' } },
    title: 'Errors of web begin in shop-orders-api',
    edges: [
      { observation: '2'.repeat(64), excerpt: 'shop-orders-api Place: no stock; critical path: shop-orders-api 90 ms (90 %)' },
      { observation: '3'.repeat(64) },
    ],
  });
});

it('is less sure of traces that lack spans, and says nothing of a service that nobody called', () => {
  const sure = (change: Partial<TraceSummary>) => diagnose(buildSnapshot([read('2', 't1', change)], estate, at))[0]?.confidence;
  expect(sure({ complete: false })).toBeLessThan(sure({}) ?? 0);
  expect(sure({ calls: [] })).toBeUndefined();
  expect(sure({ errors: { spans: 0, origins: [], originsOmitted: 0 } })).toBeUndefined();
});
