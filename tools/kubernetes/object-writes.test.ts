import { describe, expect, it } from 'vitest';
import { holds } from '../expect.ts';
import { sampleSite } from '../testing/examples.ts';
import { annotate } from './annotate.ts';
import { apply } from './apply.ts';
import { cordon } from './cordon.ts';
import { deleteObject } from './delete.ts';
import { diff } from './diff.ts';
import { drain } from './drain.ts';
import { nodePods } from './node-pods.ts';
import { objectState } from './object-state.ts';
import { setResources } from './set-resources.ts';

const target = { kind: 'configmap', namespace: 'shop', name: 'web' } as const;

function object(data: Record<string, string>, annotations: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'shop', annotations }, data };
}

/** As the server has it. */
function live(data: Record<string, string>, annotations: Record<string, string> = {}): string {
  const item = object(data, annotations);
  const metadata = { ...item.metadata, uid: 'u1', resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z', managedFields: [{}] };
  return JSON.stringify({ kind: 'List', items: [{ ...item, metadata }] });
}

const stateOf = (stdout: string) => objectState.parse({ exitCode: 0, stdout, stderr: '' }, target);
const none = stateOf(JSON.stringify({ kind: 'List', items: [] }));

it('what kubectl says on standard error only, and with exit status 0, is no cordon', () => {
  const stderr = 'error: unable to cordon node "node-1": nodes "node-1" is forbidden: User "reader" cannot patch resource "nodes"\n';
  expect(() => cordon.parse({ exitCode: 0, stdout: '', stderr }, { node: 'node-1' })).toThrow('left the node as it is');
  expect(cordon.parse({ exitCode: 0, stdout: 'node/node-1 already cordoned\n', stderr: '' }, { node: 'node-1' })).toEqual({
    message: 'node/node-1 already cordoned',
  });
});

describe('kubernetes.apply', () => {
  const input = apply.input.parse({ ...target, object: object({ a: '2' }) });

  it('brings the object of before back, without what the server added', () => {
    const before = stateOf(live({ a: '1' }, { 'kubectl.kubernetes.io/last-applied-configuration': '{}', owner: 'x' }));
    expect(apply.rollback?.(input, before)).toEqual({
      operation: 'kubernetes.apply',
      input: { ...target, object: object({ a: '1' }, { owner: 'x' }) },
    });
  });

  it('takes away what was not there before, and is not taken for undone while it is there', () => {
    const back = apply.rollback?.(input, none);
    expect(back).toEqual({ operation: 'kubernetes.delete', input: target });
    const undone = deleteObject.probe(target, none);
    expect(undone.every((expectation) => holds(expectation, stateOf(live({ a: '2' }))))).toBe(false);
    expect(undone.every((expectation) => holds(expectation, none))).toBe(true);
  });

  it('refuses a plan whose way back would write placeholders', () => {
    const before = stateOf(live({ password: 'made-up' }));
    const masked = { ...before, object: { ...before.object, data: { password: '[redacted:password:1]' } } };
    expect(() => apply.rollback?.(input, masked)).toThrow('could not be brought back');
    expect(() => deleteObject.rollback?.(target, masked)).toThrow('could not be brought back');
  });

  it('refuses what could not be read back whole, and so neither verified nor undone', () => {
    const before = stateOf(live({ a: 'x'.repeat(17_000) }));
    expect(() => apply.rollback?.(input, before)).toThrow('too large');
    expect(() => deleteObject.rollback?.(target, before)).toThrow('too large');
    expect(apply.input.safeParse({ ...target, object: object({ a: 'x'.repeat(17_000) }) }).success).toBe(false);
  });

  it('knows its own effect, and no other', () => {
    const [probe] = apply.probe(input, none);
    const stdin = apply.command(input, sampleSite);
    const applied = JSON.parse(stdin.kind === 'cli' ? (stdin.stdin ?? '') : '') as { metadata: { annotations: Record<string, string> } };
    if (probe === undefined) throw new Error('no probe');
    expect(holds(probe, stateOf(live({ a: '2' }, applied.metadata.annotations)))).toBe(true);
    expect(holds(probe, stateOf(live({ a: '2' })))).toBe(false);
  });

  it.each([
    ['another kind', { ...object({}), kind: 'Secret' }],
    ['another name', { ...object({}), metadata: { name: 'other' } }],
    ['another namespace', { ...object({}), metadata: { name: 'web', namespace: 'kube-system' } }],
    ['characters that nobody sees', object({ a: 'x\u202ey' })],
    ['a status', { ...object({}), status: {} }],
    ['more than fits', object({ a: 'x'.repeat(300_000) })],
  ])('refuses %s', (_what, wrong) => {
    expect(apply.input.safeParse({ ...target, object: wrong }).success).toBe(false);
  });

  it.each(['secret', 'role', 'clusterrolebinding', 'serviceaccount', 'namespace', 'pod'])('does not know %s', (kind) => {
    expect(apply.input.safeParse({ ...target, kind, object: object({}) }).success).toBe(false);
    expect(deleteObject.input.safeParse({ ...target, kind }).success).toBe(false);
  });
});

it('kubernetes.diff names the fields that differ, and not what the server adds', () => {
  const input = diff.input.parse({ ...target, object: object({ a: '2', 'b/c': '1' }) });
  expect(diff.parse({ exitCode: 0, stdout: live({ a: '1', d: '1' }), stderr: '' }, input)).toEqual({
    exists: true,
    differences: [
      { pointer: '/data/a', live: '1', wanted: '2' },
      { pointer: '/data/b~1c', live: null, wanted: '1' },
    ],
    omitted: 0,
  });
});

describe('kubernetes.annotate', () => {
  const input = annotate.input.parse({ kind: 'service', namespace: 'shop', name: 'web', annotations: { 'a.example/b': '1', c: null } });

  it('goes back to the values before', () => {
    const back = annotate.rollback?.(input, stateOf(live({}, { c: '3' })));
    expect(back?.input).toMatchObject({ annotations: { 'a.example/b': null, c: '3' } });
  });

  it.each([
    'kubernetes.io/ingress.class',
    'kubectl.kubernetes.io/restartedAt',
    'deployment.kubernetes.io/revision',
    'a.k8s.io/b',
    '-x',
    'a=b',
  ])('does not set %s', (key) => expect(annotate.input.safeParse({ ...input, annotations: { [key]: 'x' } }).success).toBe(false));
});

it.each([[{ limits: { cpu: '2000m' } }], [{ limits: { memory: '1024Mi' } }], [{ limits: { memory: '1,cpu=9' } }], [{ requests: {} }]])(
  'kubernetes.set_resources refuses %j',
  (part) => {
    expect(setResources.input.safeParse({ kind: 'deployment', namespace: 'shop', name: 'web', container: 'web', ...part }).success).toBe(
      false,
    );
  },
);

it('kubernetes.drain stops before it begins where pods or data would be lost', () => {
  const owner = (kind: string) => [{ kind, name: 'x', uid: 'u', controller: true }];
  const pod = (name: string, more: object = {}, volumes: object[] = []) => ({
    metadata: { name, namespace: 'shop', uid: name, ...more },
    spec: { volumes },
    status: { phase: 'Running' },
  });
  const items = [
    pod('agent', { ownerReferences: owner('DaemonSet') }, [{ emptyDir: {} }]),
    pod('static', { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
    pod('web', { ownerReferences: owner('ReplicaSet') }),
  ];
  const at = (...more: object[]) =>
    nodePods.parse({ exitCode: 0, stdout: JSON.stringify({ items: [...items, ...more] }), stderr: '' }, { node: 'n' });
  const allowed = (state: ReturnType<typeof at>) =>
    drain.preconditions({ node: 'n' }, state).every((expectation) => holds(expectation, state));
  expect(at()).toMatchObject({ evictable: 1, unmanaged: 0, withLocalData: 0 });
  expect(allowed(at())).toBe(true);
  expect(allowed(at(pod('bare')))).toBe(false);
  expect(allowed(at(pod('cache', { ownerReferences: owner('ReplicaSet') }, [{ emptyDir: {} }])))).toBe(false);
  expect(drain.impact({ node: 'n' }, at())).toEqual({ targets: 1, replicas: 1, percent: 100 });
});
