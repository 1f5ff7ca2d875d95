import { describe, expect, it } from 'vitest';
import { PromQl } from '../../tools/grammar.ts';
import type { Estate } from '../ports.ts';
import { diagnose } from './diagnose.ts';
import { followUps } from './follow-ups.ts';
import { measureProbes } from './measures.ts';
import type { Kept } from './observed.ts';
import { buildSnapshot, type Snapshot } from './snapshot.ts';

const at = new Date('2026-01-01T12:00:30.000Z');
const estate = { services: [] } as unknown as Estate;
const probes = measureProbes('a', ['shop'], at);

type Samples = readonly (readonly [labels: Record<string, string>, value: number | null])[];

function answered(title: string, samples: Samples): Kept {
  const probe = probes.find((one) => one.title === title);
  if (probe === undefined) throw new Error(`no measure ${title}`);
  const output = { samples: samples.map(([labels, value]) => ({ labels, value, at: '' })), value: null, omitted: 0 };
  const body = { operation: probe.operation, input: probe.input, output, site: 'a', status: 'ok', stdout: '' };
  return { id: String(probes.indexOf(probe)).padStart(64, '0'), body: body as unknown as Kept['body'] };
}

const running = (name: string) => ({
  ...{ namespace: 'shop', name: `${name}-5d9c-x`, uid: name, phase: 'Running', reason: null, message: null, ready: true, deleting: false },
  ...{ node: 'worker-1', owner: { kind: 'ReplicaSet', name: `${name}-5d9c` }, templateHash: '5d9c', startedAt: null },
  ...{ containers: [], conditions: [] },
});

const pods = {
  id: 'f'.repeat(64),
  body: {
    ...{ operation: 'kubernetes.workloads', input: { namespace: 'shop' }, site: 'a', status: 'ok', stdout: '' },
    output: { workloads: [], pods: ['front', 'api', 'db'].map(running), omitted: { workloads: 0, pods: 0 } },
  } as unknown as Kept['body'],
};

const seen = (...kept: readonly Kept[]): Snapshot => buildSnapshot([pods, ...kept], estate, at);
const told = (snapshot: Snapshot) => diagnose(snapshot).map(({ cause, entity }) => `${cause} ${entity.name}`);

const before = 'Latency of services in shop, an hour before';
const latency = (now: Samples, then: Samples) => [answered('Latency of services in shop', now), answered(before, then)];
const calls = answered('Calls between services in shop', [
  [{ client: 'front', server: 'api' }, 3],
  [{ source_workload: 'api', destination_workload: 'db' }, 3],
  [{ client: 'front', server: 'elsewhere' }, 3],
]);

describe('what exporters measure', () => {
  it('a pod that is throttled is short of CPU', () => {
    const throttled: Samples = [
      [{ pod: 'api-5d9c-x' }, 0.6],
      [{ pod: 'db-5d9c-x' }, 0.1],
      [{ pod: 'of-somebody-else' }, 0.9],
    ];
    expect(told(seen(answered('CPU periods in which pods are throttled in shop', throttled)))).toEqual(['cpu_saturation api']);
  });

  it('of slow services the one that waits for no other is the cause', () => {
    const now: Samples = [
      [{ server: 'front' }, 2],
      [{ job: 'shop/api' }, 1.9],
      [{ destination_workload: 'db' }, 1.8],
    ];
    const then: Samples = now.map(([labels]) => [labels, 0.02]);
    const snapshot = seen(calls, ...latency(now, then));
    expect(snapshot.calls.map(({ from, to }) => `${from} ${to}`)).toEqual(['front api', 'api db']);
    expect(told(snapshot)).toEqual(['network_delay db']);
    expect(snapshot.signals.map(({ words }) => words)).toContain('latency of db is 1800 ms, an hour before 20 ms');
  });

  it('what is as fast as ever, or was not measured an hour before, is nothing', () => {
    const same: Samples = [[{ service: 'api' }, 0.02]];
    expect(told(seen(calls, ...latency(same, same)))).toEqual([]);
    expect(told(seen(calls, ...latency([[{ service: 'api' }, 9]], [])))).toEqual([]);
    expect(told(seen(calls, answered('Latency of services in shop', [[{ service: 'api' }, 9]])))).toEqual([]);
  });

  it('a service that fell silent is said to be so', () => {
    const [signal] = seen(...latency([[{ service: 'api' }, null]], [[{ service: 'api' }, 0.02]])).signals;
    expect(signal).toMatchObject({
      metric: 'latency',
      current: null,
      normal: 0.02,
      words: 'latency of api is nothing, an hour before 20 ms',
    });
  });

  it('a kubelet that does not run is found by the exporter of its node', () => {
    const stopped: Samples = [[{ name: 'kubelet.service', state: 'active', instance: 'worker-1:9100' }, 0]];
    expect(told(seen(answered('Services of nodes that do not run', stopped)))).toEqual(['kubelet_down worker-1']);
  });

  it('is asked where no finding is sure, of sites with a Prometheus, once', () => {
    const sites = [{ name: 'a', systems: ['prometheus'] }] as unknown as Estate['sites'];
    const wanted = followUps(seen(), [], sites);
    expect(wanted).toEqual(probes);
    expect(new Set(wanted.map(({ title }) => title)).size).toBe(wanted.length);
    expect(followUps(seen(), [], [{ name: 'a', systems: [] }] as unknown as Estate['sites'])).toEqual([]);
    const kubelet = answered('Services of nodes that do not run', [[{ name: 'kubelet.service', node: 'worker-1' }, 0]]);
    expect(followUps(seen(kubelet), diagnose(seen(kubelet)), sites)).toEqual([]);
  });

  it.each(probes)('is a query that may be asked: $title', ({ input }) => {
    expect(PromQl.safeParse(input['expr']).success).toBe(true);
    expect(String(input['expr']).length).toBeLessThan(1_500);
  });
});
