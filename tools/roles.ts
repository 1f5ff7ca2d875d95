import { systems } from './systems.ts';

/** There are no roles of that system. */
export class RolesUnknown extends Error {
  readonly code = 'roles_unknown';
  constructor(name: string) {
    const known = systems.filter(({ role }) => role !== undefined).map((system) => system.name);
    super(`no roles are known of ${name}: one of ${known.join(', ')}`);
    this.name = 'RolesUnknown';
  }
}

/**
 * The least role of one of the two accounts of a system, as it is written there: a write's state, its checks and what it looks up are read
 * with the account for reads. Throws RolesUnknown.
 */
export function roleOf(name: string, account: 'read' | 'write'): string {
  const found = systems.find((system) => system.name === name);
  if (found?.role === undefined) throw new RolesUnknown(name);
  const permissions = found.operations.filter(({ kind }) => kind === account).flatMap((operation) => operation.permissions);
  return found.role.text(`watchkeeper-${account}`, [...new Set(permissions)]).trimEnd();
}
