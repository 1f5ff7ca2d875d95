import { expect, it } from 'vitest';
import { weaknesses } from './weaknesses.ts';

const parsed = (...items: object[]) =>
  weaknesses.parse({ exitCode: 0, stdout: JSON.stringify({ kind: 'List', items }), stderr: '' }, { namespace: 'shop' }).weaknesses;

const safe = { runAsNonRoot: true };
const pod = (spec: object = {}, name = 'web-1') => ({
  kind: 'Pod',
  metadata: { name, ownerReferences: [{ kind: 'ReplicaSet', name: 'web' }] },
  spec: { serviceAccountName: 'web', securityContext: safe, containers: [{ name: 'web', securityContext: safe }], ...spec },
});
const binding = (roleRef: object, subjects?: object[]) => ({ kind: 'RoleBinding', metadata: { name: 'b' }, roleRef, subjects });
const role = (verbs: string[], resources: string[]) => ({ kind: 'Role', metadata: { name: 'r' }, rules: [{ verbs, resources }] });

it('finds nothing in what is as it should be', () => {
  const narrow = [role(['get'], ['pods']), binding({ kind: 'Role', name: 'r' }, [{ kind: 'ServiceAccount', name: 'web' }])];
  expect(parsed(pod(), ...narrow, binding({ kind: 'ClusterRole', name: 'view' }))).toEqual([]);
});

it.each([
  ['privileged', pod({ initContainers: [{ name: 'setup', securityContext: { privileged: true } }] }), 'setup'],
  ['host_namespace', pod({ hostNetwork: true, hostPID: true }), 'network, processes'],
  ['host_path', pod({ volumes: [{ name: 'd', hostPath: { path: '/var/run' } }, { name: 'e' }] }), '/var/run'],
  ['no_security_context', pod({ securityContext: {}, containers: [{ name: 'web' }] }), 'web'],
  ['bound_to_all', binding({ kind: 'ClusterRole', name: 'cluster-admin' }, [{ kind: 'User', name: 'eve' }]), 'User eve'],
])('tells %s, and where', (what, item, where) => {
  expect(parsed(item)).toMatchObject([{ what, words: expect.stringContaining(where) }]);
});

it('knows a role that allows everything only where it is bound, and tells pods of one owner once', () => {
  const wide = role(['*'], ['pods']);
  expect(parsed(wide)).toEqual([]);
  const given = [wide, binding({ kind: 'Role', name: 'r' }, [{ kind: 'ServiceAccount', name: 'default' }])];
  const pods = ['web-1', 'web-2'].map((name) => pod({ serviceAccountName: 'default' }, name));
  expect(parsed(...given, ...pods).map(({ what, name }) => [what, name])).toEqual([
    ['bound_to_all', 'b'],
    ['default_account', 'web'],
  ]);
});

it('refuses what is no list of Kubernetes', () => {
  expect(() => parsed({ kind: 'Pod', metadata: {} })).toThrow('unexpected Pod');
});
