import type { Command } from 'commander';
import { stringify } from 'yaml';
import { clusterRoles } from '../../tools/kubernetes/rbac.ts';
import { createRegistry } from '../../tools/registry.ts';
import { roleOf } from '../../tools/roles.ts';
import { systems } from '../../tools/systems.ts';
import type { CliContext } from './context.ts';

const systemOf = (name: string) => systems.find((system) => system.name === name);

/** The least role for one operation; nothing where its system has no roles that can be written down. */
export function roleLines({ name, permissions }: { readonly name: string; readonly permissions: readonly string[] }): readonly string[] {
  const role = systemOf(name.split('.')[0] ?? '')?.role;
  if (role === undefined) return [];
  return [`Least role (${role.title}):`, role.text(`watchkeeper-${name.replace(/[._]/g, '-')}`, permissions).trimEnd()];
}

export function registerToolRoles(tools: Command, { out }: CliContext): void {
  tools
    .command('roles')
    .description('print the least role of each account of a system: for Kubernetes both, else that for reads, or that for writes')
    .argument('[system]', 'e.g. vault', 'kubernetes')
    .argument('[kind]', 'read or write; unused for kubernetes', 'read')
    .action((system: string, kind: string) =>
      out.line(
        system === 'kubernetes'
          ? clusterRoles(createRegistry().list())
              .map((role) => stringify(role))
              .join('---\n')
              .trimEnd()
          : roleOf(system, kind === 'write' ? 'write' : 'read'),
      ),
    );
}
