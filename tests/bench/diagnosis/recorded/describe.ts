/** One line of `kubectl describe`, with what stands below it. */
export interface Described {
  readonly key: string;
  readonly value: string;
  readonly indent: number;
  readonly children: readonly Described[];
  /** The lines below, as they are. */
  readonly lines: readonly string[];
}

function line(text: string): { indent: number; key: string; value: string } {
  const indent = text.length - text.trimStart().length;
  const found = /^([^:]+):(?:\s+(.*))?$/.exec(text.trim());
  return found === null ? { indent, key: '', value: text.trim() } : { indent, key: found[1] ?? '', value: found[2] ?? '' };
}

function block(lines: readonly string[]): Described[] {
  const found: Described[] = [];
  let at = 0;
  while (at < lines.length) {
    const head = line(lines[at] ?? '');
    let end = at + 1;
    while (end < lines.length && line(lines[end] ?? '').indent > head.indent) end += 1;
    const below = lines.slice(at + 1, end);
    found.push({ ...head, children: block(below), lines: below.map((each) => each.trim()) });
    at = end;
  }
  return found;
}

export function described(text: string): Described[] {
  return block(text.split('\n').filter((each) => each.trim() !== ''));
}

export const child = (parts: readonly Described[], key: string): Described | undefined => parts.find((part) => part.key === key);
export const said = (parts: readonly Described[], key: string): string => {
  const value = child(parts, key)?.value ?? '';
  return value === '<none>' || value === '<unset>' ? '' : value;
};

/** `Labels:  a=b` with more of them on the lines below. */
export function pairs(parts: readonly Described[], key: string): Record<string, string> {
  const part = child(parts, key);
  const all = part === undefined ? [] : [part.value, ...part.lines];
  return Object.fromEntries(
    all.flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 1)]];
    }),
  );
}
