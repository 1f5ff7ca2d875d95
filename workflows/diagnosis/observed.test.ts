import { expect, test } from 'vitest';
import type { Estate } from '../ports.ts';
import { deployment, node, service } from './arbitraries.ts';
import { diagnose } from './diagnose.ts';
import { followUps } from './follow-ups.ts';
import { cutWords } from './look.ts';
import type { Kept } from './observed.ts';
import { buildSnapshot } from './snapshot.ts';
import { symptoms } from './symptoms.ts';

const at = new Date('2026-01-01T12:00:00.000Z');
const estate = { services: [] } as unknown as Estate;
let count = 0;

function kept(operation: string, input: object, output: unknown, over: object = {}): Kept {
  count += 1;
  const body = { operation, input, output, site: 'a', status: 'ok', stdout: '', ...over };
  return { id: String(count).padStart(64, '0'), body: body as unknown as Kept['body'] };
}

const got = (kind: string, objects: readonly unknown[], omitted = 0) =>
  kept('kubernetes.get', { kind, namespace: 'shop' }, { objects, omitted });
const pending = {
  namespace: 'shop',
  name: 'api-5d9c-x',
  uid: 'u',
  phase: 'Pending',
  reason: null,
  message: null,
  ready: false,
  deleting: false,
  node: null,
  owner: { kind: 'ReplicaSet', name: 'api-5d9c' },
  templateHash: '5d9c',
  startedAt: null,
  containers: [],
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
    },
  ],
};
const workloads = (...pods: readonly unknown[]) =>
  kept('kubernetes.workloads', { namespace: 'shop' }, { workloads: [], pods, omitted: { workloads: 0, pods: 0 } });
const nodes = kept('kubernetes.get', { kind: 'node' }, { objects: [node('worker-1')], omitted: 0 });

test('a pod that waits is explained better with the objects that its investigation asks for', () => {
  const first = buildSnapshot([workloads(pending)], estate, at);
  expect(diagnose(first).map(({ cause }) => cause)).toEqual(['node_selector_mismatch']);
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'Exists' }] }] },
    },
  };
  const second = buildSnapshot([workloads(pending), got('deployment', [deployment('api', { affinity }, {}, 0)]), nodes], estate, at);
  expect(diagnose(second).map(({ cause }) => cause)).toEqual(['node_affinity_mismatch']);
});

test('what is wrong and not explained is a symptom, and is asked about; what is explained is not', () => {
  const silent = { ...pending, conditions: [{ type: 'PodScheduled', status: 'False', message: 'no words that are known' }] };
  const open = buildSnapshot([workloads(silent)], estate, at);
  expect(diagnose(open)).toEqual([]);
  expect(symptoms(open)).toMatchObject([{ name: 'api', kind: 'waiting' }]);
  expect(followUps(open, []).map(({ input }) => input['kind'])).toEqual([
    'node',
    'deployment',
    'persistentvolumeclaim',
    'persistentvolume',
    'storageclass',
  ]);
  const starved = {
    ...pending,
    conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available: 1 Insufficient cpu.' }],
  };
  const explained = buildSnapshot([workloads(starved)], estate, at);
  expect(followUps(explained, diagnose(explained))).toEqual([]);
  const unsure = buildSnapshot([workloads(pending)], estate, at);
  expect(followUps(unsure, diagnose(unsure)).length).toBeGreaterThan(0);
});

test('a list that was cut says nothing of what is missing', () => {
  const claims = { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] };
  const api = got('deployment', [deployment('api', claims, {}, 0)]);
  const whole = buildSnapshot([workloads(pending), api, got('persistentvolumeclaim', [])], estate, at);
  const cut = buildSnapshot([workloads(pending), api, got('persistentvolumeclaim', [], 12)], estate, at);
  expect(diagnose(whole).map(({ cause }) => cause)).toContain('claim_missing');
  expect(diagnose(cut).map(({ cause }) => cause)).not.toContain('claim_missing');
  expect(cutWords(cut)).toEqual(['Objects of the kind persistentvolumeclaim in shop: 0 of 12 were looked at, there are too many']);
  const named = kept('kubernetes.get', { kind: 'persistentvolumeclaim', namespace: 'shop' }, { objects: [], omitted: 1, names: ['data'] });
  const other = kept('kubernetes.get', { kind: 'persistentvolumeclaim', namespace: 'shop' }, { objects: [], omitted: 1, names: ['logs'] });
  expect(diagnose(buildSnapshot([workloads(pending), api, named], estate, at)).map(({ cause }) => cause)).not.toContain('claim_missing');
  expect(diagnose(buildSnapshot([workloads(pending), api, other], estate, at)).map(({ cause }) => cause)).toContain('claim_missing');
});

test('what was left out of a list may have what nothing in it has', () => {
  const gpu = { nodeSelector: { disk: 'ssd' } };
  const message = "0/6 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 5 Insufficient cpu.";
  const waits = { ...pending, conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] };
  const api = got('deployment', [deployment('api', gpu, {}, 0)]);
  const list = (omitted: number) => kept('kubernetes.get', { kind: 'node' }, { objects: [node('worker-1')], omitted });
  const causes = (omitted: number) => diagnose(buildSnapshot([workloads(waits), api, list(omitted)], estate, at)).map(({ cause }) => cause);
  expect(causes(0)).toEqual(['node_selector_mismatch']);
  expect(causes(5)).toEqual(['insufficient_cpu']);
  const web = deployment('web', {}, {}, 2);
  const lone = service('web', { selector: { app: 'other' } });
  const served = (omitted: number) => diagnose(buildSnapshot([got('deployment', [web], omitted), got('service', [lone])], estate, at));
  expect(served(0).map(({ cause }) => cause)).toEqual(['service_selector_mismatch']);
  expect(served(3)).toEqual([]);
});

test('pods that are left out are told of where some of them may be in trouble, and not where all of those were shown', () => {
  const listed = (...pods: readonly object[]) =>
    kept('kubernetes.workloads', { namespace: 'shop' }, { workloads: [], pods, omitted: { workloads: 0, pods: 7 } });
  const cut = (...pods: readonly object[]) => cutWords(buildSnapshot([listed(...pods)], estate, at));
  expect(cut(pending)).toEqual(['Objects of the kind pod in shop: 1 of 8 were looked at, there are too many']);
  expect(cut(pending, { ...pending, name: 'fine', ready: true })).toEqual([]);
});

test('observations that failed, or cannot be read, are left out', () => {
  const refused = kept('kubernetes.get', { kind: 'service', namespace: 'shop' }, null, { status: 'error' });
  const strange = got(
    'service',
    [{ kind: 'Service' }, { kind: 3 }, null as unknown as object, service('web')].filter((one) => one !== null),
  );
  expect(buildSnapshot([refused, strange], estate, at).services.map(({ name }) => name)).toEqual(['web']);
});

test('an event from a clock ahead of ours is new, not unknown', () => {
  const event = {
    type: 'Warning',
    reason: 'BackOff',
    message: 'm',
    object: { kind: 'Pod', name: 'p' },
    count: 1,
    firstAt: null,
    source: null,
  };
  const told = kept(
    'kubernetes.events',
    { namespace: 'shop' },
    {
      events: [
        { ...event, lastAt: '2026-01-01T12:00:30Z' },
        { ...event, lastAt: null },
      ],
    },
  );
  expect(buildSnapshot([told], estate, at).events.map(({ age }) => age)).toEqual([0, null]);
});

test('lines that only differ in their numbers are one template', () => {
  const stdout = Array.from({ length: 50_000 }, (_, index) => `2026-01-01T12:00:00Z request ${index} took ${index * 3} ms`).join('\n');
  const { templates } = buildSnapshot([kept('kubernetes.logs', { namespace: 'shop', pod: 'p' }, {}, { stdout })], estate, at);
  expect(templates).toMatchObject([{ count: 50_000 }]);
});

test('a workload without a pod is known by its list, and its refusal by the events', () => {
  const replicas = { desired: 1, updated: 0, ready: 0, available: 0, unavailable: 1 };
  const api = {
    ...{ kind: 'deployment', namespace: 'shop', name: 'api', uid: 'u', generation: 1, createdAt: null, images: {}, replicas },
    ...{
      paused: false,
      complete: false,
      waitingFor: null,
      progressDeadlineExceeded: false,
      restartedAt: null,
      conditions: [],
      revisions: [],
    },
  };
  const listed = kept('kubernetes.workloads', { namespace: 'shop' }, { workloads: [api], pods: [], omitted: { workloads: 0, pods: 0 } });
  const message =
    'Error creating: pods "api-5d9c-x" is forbidden: exceeded quota: limits, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1';
  const object = { kind: 'ReplicaSet', name: 'api-5d9c' };
  const event = {
    type: 'Warning',
    reason: 'FailedCreate',
    message,
    object,
    count: 9,
    firstAt: null,
    lastAt: at.toISOString(),
    source: null,
  };
  const told = kept('kubernetes.events', { namespace: 'shop' }, { events: [event] });
  expect(symptoms(buildSnapshot([listed], estate, at))).toMatchObject([{ name: 'api', kind: 'lacking' }]);
  expect(diagnose(buildSnapshot([listed, told], estate, at))).toMatchObject([
    { cause: 'quota_cpu', entity: { kind: 'namespace', name: 'shop' } },
  ]);
});
