import type { Command } from 'commander';
import { stringify } from 'yaml';
import { clusterRole, clusterRoles } from '../../tools/kubernetes/rbac.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { CliContext } from './context.ts';

/** The least role for one operation; nothing where its system has no roles of Kubernetes. */
export function roleLines({ name, permissions }: { readonly name: string; readonly permissions: readonly string[] }): readonly string[] {
  if (!name.startsWith('kubernetes.')) return [];
  const role = clusterRole(`watchkeeper-${name.replace(/[._]/g, '-')}`, [{ permissions }]);
  return ['Least role (Kubernetes RBAC):', stringify(role).trimEnd()];
}

export function registerToolRoles(tools: Command, { out }: CliContext): void {
  tools
    .command('roles')
    .description('print the two Kubernetes roles of a site: what all reads need, and what all writes need')
    .action(() =>
      out.line(
        clusterRoles(createRegistry().list())
          .map((role) => stringify(role))
          .join('---\n')
          .trimEnd(),
      ),
    );
}
