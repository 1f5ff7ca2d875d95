/** `list,read session` as grant strings of a Boundary role: the fewest that give those rights on all resources of a type and no others. Throws TypeError for other words. */
export function grantsOf(permissions: readonly string[]): string {
  const byType = new Map<string, Set<string>>();
  for (const text of permissions) {
    const [, actions, type] = /^([a-z-]+(?:,[a-z-]+)*) ([a-z-]+)$/.exec(text) ?? [];
    if (actions === undefined || type === undefined) throw new TypeError(`${text} is no right of Boundary`);
    byType.set(type, new Set([...(byType.get(type) ?? []), ...actions.split(',')]));
  }
  return [...byType]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, actions]) => `ids=*;type=${type};actions=${[...actions].toSorted().join(',')}\n`)
    .join('');
}
