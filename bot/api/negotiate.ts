interface Wanted {
  readonly type: string;
  readonly weight: number;
}

function wanted(accept: string): readonly Wanted[] {
  return accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? '1');
    return { type, weight: Number.isFinite(weight) ? weight : 0 };
  });
}

/** The weight that the most specific range gives a type; 0: not wanted. */
function weightOf(type: string, ranges: readonly Wanted[]): number {
  const group = `${type.split('/')[0]}/*`;
  for (const range of [type, group, '*/*']) {
    const found = ranges.find((each) => each.type === range);
    if (found !== undefined) return found.weight;
  }
  return 0;
}

/** Which of the types an `Accept` header prefers (RFC 9110, 12.5.1). The first one where it has none of them, or says nothing. */
export function preferred<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  const ranges = wanted(accept ?? '*/*');
  const [first] = offered;
  return offered.reduce<T>((best, type) => (weightOf(type, ranges) > weightOf(best, ranges) ? type : best), first);
}
