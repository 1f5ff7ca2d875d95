import { describe, expect, it } from 'vitest';
import { Deployment } from '../testing/deployment.ts';
import { Workloads, workloads } from './workloads.ts';

function snapshot(items: readonly unknown[]): Workloads {
  return Workloads.parse(workloads.parse({ exitCode: 0, stdout: JSON.stringify({ items }), stderr: '' }, {}));
}

function pod(name: string, status: Record<string, unknown>): Record<string, unknown> {
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      labels: { 'pod-template-hash': 'h1' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-h1', uid: 'rs', controller: true }],
    },
    spec: {
      nodeName: 'node-1',
      containers: [{ name: 'web', image: 'web:2', resources: { limits: { memory: '128Mi', cpu: 1 } } }],
      initContainers: [{ name: 'migrate', image: 'web:2' }],
    },
    status,
  };
}

const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

describe('kubernetes.workloads', () => {
  it('tells why a container does not run', () => {
    const crashing = pod('web-1', {
      phase: 'Running',
      startTime: '2026-01-02T03:04:05Z',
      containerStatuses: [
        {
          name: 'web',
          restartCount: 4,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
          lastState: {
            terminated: { reason: 'OOMKilled', exitCode: 137, startedAt: '2026-01-02T03:05:00Z', finishedAt: '2026-01-02T03:06:00Z' },
          },
        },
      ],
      initContainerStatuses: [{ name: 'migrate', ready: true, state: { terminated: { reason: 'Completed', exitCode: 0 } } }],
    });
    const [found] = snapshot([crashing]).pods;
    expect(found).toMatchObject({
      name: 'web-1',
      ready: false,
      node: 'node-1',
      owner: { kind: 'ReplicaSet', name: 'web-h1' },
      templateHash: 'h1',
      startedAt: '2026-01-02T03:04:05Z',
    });
    expect(found?.containers).toMatchObject([
      { name: 'migrate', init: true, state: { kind: 'terminated', exitCode: 0 } },
      {
        name: 'web',
        init: false,
        image: 'web:2',
        restartCount: 4,
        limits: { memory: '128Mi', cpu: '1' },
        state: { kind: 'waiting', reason: 'CrashLoopBackOff', message: 'back-off 40s' },
        lastState: { kind: 'terminated', reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-02T03:06:00Z' },
      },
    ]);
  });

  it('joins deployments with their replica sets', () => {
    const deployment = new Deployment();
    for (const image of ['web:1', 'web:2']) {
      deployment.setImage(image);
      deployment.reconcile();
    }
    const { workloads: found } = snapshot(JSON.parse(deployment.list({ availableReplicas: 1 })).items);
    expect(found).toMatchObject([
      {
        kind: 'deployment',
        name: 'web',
        complete: false,
        replicas: { desired: 3, available: 1, unavailable: 2 },
        revisions: [{ revision: 2 }, { revision: 1 }],
      },
    ]);
  });

  it('shows five thousand pods whole', () => {
    const items = Array.from({ length: 5_000 }, (_, index) => pod(`ok-${index}`, { ...ready, startTime: '2026-01-02T03:04:05Z' }));
    const { pods, omitted } = snapshot(items);
    expect([pods.length, omitted.pods, pods[0]?.conditions]).toEqual([5_000, 0, []]);
  });

  it('of more shows those in trouble first, and says how many it left out', () => {
    const healthy = Array.from({ length: 20_000 }, (_, index) => pod(`ok-${index}`, ready));
    const done = pod('job', { phase: 'Succeeded' });
    const { pods, omitted } = snapshot([...healthy, done, pod('pending', { phase: 'Pending' })]);
    expect(pods[0]?.name).toBe('pending');
    expect(pods.some(({ name }) => name === 'job')).toBe(false);
    expect([pods.length + omitted.pods, omitted.workloads]).toEqual([20_002, 0]);
    expect(JSON.stringify(pods).length).toBeLessThan(3.7e6);
  });

  it('refuses objects that it cannot read', () => {
    expect(() => snapshot([{ kind: 'Pod', metadata: {} }])).toThrow(expect.objectContaining({ code: 'output_malformed' }));
  });
});
