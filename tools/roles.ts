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
 * The least role of one of the two accounts of a system, as it is written there. The account that writes lacks what all reads need: a
 * write's state, its checks and what it looks up are read with the other one. Throws RolesUnknown.
 */
export function roleOf(name: string, account: 'read' | 'write'): string {
  const found = systems.find((system) => system.name === name);
  if (found?.role === undefined) throw new RolesUnknown(name);
  const needed = (kind: 'read' | 'write') =>
    found.operations.filter((operation) => operation.kind === kind).flatMap(({ permissions }) => permissions);
  const reads = needed('read');
  const permissions = account === 'read' ? reads : needed('write').filter((one) => !reads.includes(one));
  return found.role.text(`watchkeeper-${account}`, [...new Set(permissions)]).trimEnd();
}
