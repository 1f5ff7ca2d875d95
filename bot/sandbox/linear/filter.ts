type Comparator = Readonly<
  Partial<Record<'eq' | 'neq', string | boolean> & Record<'contains' | 'startsWith', string> & Record<'in' | 'nin', readonly string[]>>
>;
export type Filter = Readonly<Record<string, unknown>>;

function compares(value: string, comparator: Comparator): boolean {
  if (comparator.eq !== undefined && value !== String(comparator.eq)) return false;
  if (comparator.neq !== undefined && value === String(comparator.neq)) return false;
  if (comparator.in !== undefined && !comparator.in.includes(value)) return false;
  if (comparator.nin?.includes(value)) return false;
  if (comparator.contains !== undefined && !value.includes(comparator.contains)) return false;
  return comparator.startsWith === undefined || value.startsWith(comparator.startsWith);
}

/** Whether an object satisfies a filter: comparators on texts and booleans, filters on nested objects. */
export function satisfies(value: object, filter: Filter | null | undefined): boolean {
  return Object.entries(filter ?? {}).every(([field, condition]) => {
    const actual = (value as Record<string, unknown>)[field];
    if (typeof actual === 'object' && actual !== null) return satisfies(actual, condition as Filter);
    return compares(String(actual ?? ''), condition as Comparator);
  });
}

/** A page in Relay's shape; cursors are offsets. `first` is 50 unless told, at most 250. */
export function connection<T>(all: readonly T[], args: { readonly first?: number | null; readonly after?: string | null }): object {
  const from = args.after === null || args.after === undefined ? 0 : Number(args.after) + 1;
  const nodes = all.slice(from, from + Math.min(args.first ?? 50, 250));
  const end = from + nodes.length - 1;
  const cursors = nodes.length === 0 ? { startCursor: null, endCursor: null } : { startCursor: String(from), endCursor: String(end) };
  return { nodes, pageInfo: { ...cursors, hasPreviousPage: from > 0, hasNextPage: end + 1 < all.length } };
}
