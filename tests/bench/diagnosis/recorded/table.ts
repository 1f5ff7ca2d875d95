/** The columns of a table that kubectl printed: it pads every cell to the width of its column. */
export function table(text: string): Record<string, string>[] {
  const [header, ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  if (header === undefined || !/^[A-Z][A-Z -]+/.test(header)) return [];
  const columns = [...header.matchAll(/\S+(?: \S+)*/g)].map((found) => ({ name: found[0], from: found.index }));
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, from }, index) => [name, row.slice(from, columns[index + 1]?.from).trim()])),
  );
}

/** `1d2h`, `3m5s`, `90s`, with ` (x9 over 82s)` behind it: seconds. */
export function seconds(age: string): number | null {
  const units: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1, y: 31_536_000 };
  const parts = [...(age.split(' ')[0] ?? '').matchAll(/(\d+)([ydhms])/g)];
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0), 0);
}

/** `a=b,c=d`. */
export function labelsOf(text: string): Record<string, string> {
  if (text === '' || text === '<none>') return {};
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
