/** Groups of a list, kept for as long as the list: many analyzers ask the same of one snapshot. */
export function indexed<T>(keyOf: (item: T) => string): (items: readonly T[]) => ReadonlyMap<string, readonly T[]> {
  const known = new WeakMap<readonly T[], ReadonlyMap<string, readonly T[]>>();
  return (items) => {
    const found = known.get(items) ?? Map.groupBy(items, keyOf);
    known.set(items, found);
    return found;
  };
}
