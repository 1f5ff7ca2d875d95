import type { AnyOperation } from '../operation.ts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

interface Right {
  readonly verbs: readonly string[];
  readonly group: string | null;
  readonly name: string;
}

/** `get and list deployments.apps/scale` or `get /apis/*`: a group of null is an address. Throws TypeError for other words. */
function rightOf(permission: string): Right {
  const [, verbs, what] = /^([a-z]+(?:(?:, | and )[a-z]+)*) (\S+)$/.exec(permission) ?? [];
  if (verbs === undefined || what === undefined) throw new TypeError(`${permission} is no right of Kubernetes`);
  const named = { verbs: verbs.split(/, | and /) };
  if (what.startsWith('/')) return { ...named, group: null, name: what };
  const [resource = '', sub] = what.split('/');
  const [name = '', ...group] = resource.split('.');
  return { ...named, group: group.join('.'), name: sub === undefined ? name : `${name}/${sub}` };
}

function merged<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}

/** The fewest rules that give those rights and no others. */
export function rulesOf(permissions: readonly string[]): Rule[] {
  const byName = merged(permissions.map(rightOf), ({ group, name }) => `${group} ${name}`).map((same) => ({
    group: same[0]?.group ?? null,
    name: same[0]?.name ?? '',
    verbs: [...new Set(same.flatMap(({ verbs }) => verbs))].sort(),
  }));
  return merged(byName, ({ group, verbs }) => `${group} ${verbs.join()}`).map((same) => {
    const { group, verbs } = same[0] ?? { group: null, verbs: [] };
    const names = same.map(({ name }) => name).sort();
    return group === null ? { nonResourceURLs: names, verbs } : { apiGroups: [group], resources: names, verbs };
  });
}

interface ClusterRole {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole';
  readonly metadata: { readonly name: string };
  readonly rules: readonly Rule[];
}

/** What these operations need, and no more. */
export function clusterRole(name: string, operations: readonly Pick<AnyOperation, 'permissions'>[]): ClusterRole {
  const rules = rulesOf(operations.flatMap(({ permissions }) => permissions));
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
}

/** The two roles of a site: reads never have the one that writes. */
export function clusterRoles(operations: readonly AnyOperation[]): ClusterRole[] {
  const own = operations.filter(({ name }) => name.startsWith('kubernetes.'));
  return [
    clusterRole(
      'watchkeeper-reader',
      own.filter(({ kind }) => kind === 'read'),
    ),
    clusterRole(
      'watchkeeper-writer',
      own.filter(({ kind }) => kind === 'write'),
    ),
  ];
}
