import { describe, expect, it } from 'vitest';
import type { ReadOperation } from '../operation.ts';
import { events } from './events.ts';
import { get } from './get.ts';
import { logs } from './logs.ts';
import { rolloutHistory } from './rollout-history.ts';
import { rolloutStatus } from './rollout-status.ts';
import { top } from './top.ts';

function parsed<I, O>(operation: ReadOperation<I, O>, stdout: string, input: unknown): O {
  const output = operation.parse({ exitCode: 0, stdout, stderr: '' }, operation.input.parse(input));
  return operation.output.parse(operation.cut?.(output) ?? output);
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
    expect(many).toEqual({ objects: Array(60).fill(expected), omitted: 0 });
  });

  it('of more than fits it shows what is in trouble first, in short, and names everything', () => {
    const node = (name: string, ready: string) => ({
      kind: 'Node',
      metadata: { name, resourceVersion: '7', labels: { images: 'kept', note: 'x'.repeat(900) } },
      status: { conditions: [{ type: 'Ready', status: ready, lastHeartbeatTime: 't' }], images: [{ names: ['y'.repeat(9_000)] }] },
    });
    const items = [...Array.from({ length: 5_000 }, (_, index) => node(`n-${index}`, 'True')), node('sick', 'Unknown')];
    const { objects, omitted, names } = parsed(get, JSON.stringify({ kind: 'List', items }), { kind: 'node' });
    expect(objects[0]).toEqual({
      ...{ kind: 'Node', metadata: { name: 'sick', labels: { images: 'kept', note: 'x'.repeat(900) } } },
      status: { conditions: [{ type: 'Ready', status: 'Unknown' }] },
    });
    expect([objects.length + omitted, names?.length]).toEqual([5_001, 5_001]);
    expect(omitted).toBeGreaterThan(0);
    expect(JSON.stringify(objects).length).toBeLessThan(3.2e6);
    const many = Array.from({ length: 60_000 }, (_, index) => ({ kind: 'Node', metadata: { name: `${'n'.repeat(50)}${index}` } }));
    const cut = parsed(get, JSON.stringify({ kind: 'List', items: many }), { kind: 'node' });
    expect([cut.objects.length + cut.omitted, cut.omitted > 0, cut.names]).toEqual([60_000, true, undefined]);
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

it('kubernetes.events drowns no warning in what goes well, nor one thing in what is said of another', () => {
  const event = (index: number, over: object) => ({
    ...{ type: 'Normal', reason: 'Scheduled', message: 'm'.repeat(300), involvedObject: { kind: 'Pod', name: `web-${index}` } },
    ...{ lastTimestamp: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString() },
    ...over,
  });
  const pod = (index: number) => `busy-6bddc48849-${index.toString(36).padStart(5, '0')}`;
  const normal = Array.from({ length: 6_000 }, (_, index) => event(index + 10, {}));
  const busy = Array.from({ length: 6_000 }, (_, index) =>
    event(index + 10, { type: 'Warning', reason: 'BackOff', involvedObject: { kind: 'Pod', name: pod(index) } }),
  );
  const lost = event(0, { type: 'Warning', reason: 'FailedMount', involvedObject: { kind: 'Pod', name: 'quiet-0' } });
  const found = parsed(events, JSON.stringify({ items: [...normal, ...busy, lost] }), { namespace: 'shop' });
  expect(found.events.at(-1)?.reason).toBe('FailedMount');
  expect(found.events.every(({ type }) => type === 'Warning')).toBe(true);
  expect(found.events.length + found.omitted).toBe(12_001);
});

it('kubernetes.logs shows the last whole lines of a long log, and says how much it left out', () => {
  const input = { namespace: 'shop', pod: 'a' };
  const line = `${'x'.repeat(999)}\n`;
  const found = parsed(logs, `${line.repeat(100)}panic: gone`, input);
  expect(found.text.endsWith('panic: gone')).toBe(true);
  expect([found.text.startsWith('x'.repeat(999)), found.text.length + found.omitted, found.omitted % 1_000]).toEqual([true, 100_011, 0]);
  expect(parsed(logs, 'x'.repeat(60_010), input)).toEqual({ text: '', omitted: 60_010 });
  expect(parsed(logs, `${'x'.repeat(60_010)} end`, input)).toEqual({ text: 'end', omitted: 60_011 });
  expect(logs.input.safeParse({ ...input, container: 'c', allContainers: true }).success).toBe(false);
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
