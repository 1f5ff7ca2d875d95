import { describe, expect, it } from 'vitest';
import type { ReadOperation } from '../operation.ts';
import { events } from './events.ts';
import { get } from './get.ts';
import { logs } from './logs.ts';
import { rolloutHistory } from './rollout-history.ts';
import { rolloutStatus } from './rollout-status.ts';
import { top } from './top.ts';

function parsed<I, O>(operation: ReadOperation<I, O>, stdout: string, input: unknown): O {
  return operation.output.parse(operation.parse({ exitCode: 0, stdout, stderr: '' }, operation.input.parse(input)));
}

const web = { kind: 'deployment', namespace: 'shop', name: 'web' };

describe('kubernetes.get', () => {
  it('answers one object or many in one shape, without the copy that apply keeps', () => {
    const object = {
      kind: 'Pod',
      metadata: { name: 'a', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', keep: 'x' } },
    };
    const expected = { kind: 'Pod', metadata: { name: 'a', annotations: { keep: 'x' } } };
    const input = { kind: 'pod', namespace: 'shop' };
    expect(parsed(get, JSON.stringify(object), { ...input, name: 'a' })).toEqual({ objects: [expected], omitted: 0 });
    const many = parsed(get, JSON.stringify({ kind: 'List', items: Array(60).fill(object) }), input);
    expect([many.objects.length, many.omitted]).toEqual([50, 10]);
  });

  it('of a kind that a cluster may lack there is none where it lacks it; of another that is no answer', () => {
    const stderr = 'error: the server doesn\'t have a resource type "httproutes"';
    const result = { exitCode: 1, stdout: '', stderr };
    expect(get.answers?.(result)).toBe(true);
    expect(get.answers?.({ ...result, stderr: 'Unable to connect to the server' })).toBe(false);
    expect(get.parse(result, { kind: 'httproute', namespace: 'shop' })).toEqual({ objects: [], omitted: 0 });
    expect(() => get.parse(result, { kind: 'pod', namespace: 'shop' })).toThrow('the cluster has no pods');
  });

  it('wants a namespace exactly where there is one', () => {
    expect(get.input.safeParse({ kind: 'pod' }).success).toBe(false);
    expect(get.input.safeParse({ kind: 'node' }).success).toBe(true);
    expect(get.input.safeParse({ kind: 'node', namespace: 'shop' }).success).toBe(false);
  });
});

it('kubernetes.events reads the old and the new event fields, newest first', () => {
  const old = {
    type: 'Warning',
    reason: 'BackOff',
    message: 'm',
    involvedObject: { kind: 'Pod', name: 'a' },
    count: 7,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T01:00:00Z',
    source: { component: 'kubelet' },
  };
  const young = {
    reason: 'Scheduled',
    involvedObject: { kind: 'Pod', name: 'b' },
    lastTimestamp: null,
    eventTime: '2026-01-02T00:00:00.000000Z',
    reportingComponent: 'scheduler',
  };
  expect(parsed(events, JSON.stringify({ items: [old, young] }), { namespace: 'shop' }).events).toMatchObject([
    { reason: 'Scheduled', type: 'Normal', count: 1, lastAt: '2026-01-02T00:00:00.000000Z', source: 'scheduler' },
    { reason: 'BackOff', count: 7, firstAt: '2026-01-01T00:00:00Z', source: 'kubelet' },
  ]);
});

it('kubernetes.logs says how much it left out', () => {
  expect(parsed(logs, 'x'.repeat(60_010), { namespace: 'shop', pod: 'a' }).omitted).toBe(10);
  expect(logs.input.safeParse({ namespace: 'shop', pod: 'a', container: 'c', allContainers: true }).success).toBe(false);
});

describe('kubernetes.top', () => {
  it('reads millicores and bytes, most memory first', () => {
    expect(parsed(top, 'web-1   app   12m   34Mi   \nweb-2   app   1   2Gi\n', { namespace: 'shop' }).containers).toEqual([
      { pod: 'web-2', container: 'app', cpu: 1000, memory: 2 * 1024 ** 3 },
      { pod: 'web-1', container: 'app', cpu: 12, memory: 34 * 1024 ** 2 },
    ]);
  });

  it.each(['web-1 app 12m', 'web-1 app <unknown> 3Mi', 'web-1 app 12m 3Parsecs'])('refuses %j', (line) => {
    expect(() => parsed(top, line, { namespace: 'shop' })).toThrow(expect.objectContaining({ code: 'output_malformed' }));
  });
});

it('kubernetes.rollout_history reads the table', () => {
  const table = 'deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n3         kubectl set image web=web:3\n';
  expect(parsed(rolloutHistory, table, web).revisions).toEqual([
    { revision: 1, changeCause: null },
    { revision: 3, changeCause: 'kubectl set image web=web:3' },
  ]);
});

it.each([
  ['deployment "web" successfully rolled out\n', true],
  ['partitioned roll out complete: 2 new pods have been updated...\n', true],
  ['Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...\n', false],
])('kubernetes.rollout_status reads %j', (stdout, complete) => {
  expect(parsed(rolloutStatus, stdout, web).complete).toBe(complete);
});
