const permission = /^([a-z]+(?:, [a-z]+)*) (\S+)$/;

/** `read, sudo sys/audit` as rules of a Vault policy: the fewest that give those rights and no others. Throws TypeError for other words. */
export function policyOf(permissions: readonly string[]): string {
  const byPath = new Map<string, Set<string>>();
  for (const text of permissions) {
    const [, capabilities, path] = permission.exec(text) ?? [];
    if (capabilities === undefined || path === undefined) throw new TypeError(`${text} is no right of Vault`);
    byPath.set(path, new Set([...(byPath.get(path) ?? []), ...capabilities.split(', ')]));
  }
  return [...byPath]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([path, capabilities]) =>
        `path "${path}" {\n  capabilities = [${[...capabilities]
          .toSorted()
          .map((one) => `"${one}"`)
          .join(', ')}]\n}\n`,
    )
    .join('\n');
}
