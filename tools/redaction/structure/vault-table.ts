import type { Span } from '../spans.ts';

const header = /^Key[ \t]+Value[ \t]*\r?\n-{3,}[ \t]+-{3,}[ \t]*\r?\n/gm;

/** Rows that tell of the lease, not of the secret. */
const plainRows = new Set(['lease_id', 'lease_duration', 'lease_renewable', 'refresh_interval', 'renewable']);

function rowsFrom(text: string, from: number): { key: string; start: number; end: number }[] {
  const rows: { key: string; start: number; end: number }[] = [];
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const row = /^(\S+)[ \t]+(?=\S)/.exec(text.slice(at, end));
    if (row === null) break;
    rows.push({ key: row[1] ?? '', start: at + row[0].length, end: at + text.slice(at, end).trimEnd().length });
    at = end + 1;
  }
  return rows;
}

/** Values of a secret as the `vault` program prints it for people. Tables about tokens and mounts look the same and stay. */
export function findVaultTables(text: string): Span[] {
  if (!text.includes('Key') || !text.includes('Value')) return [];
  return [...text.matchAll(header)].flatMap((match) => {
    const rows = rowsFrom(text, match.index + match[0].length);
    const titled = /= Data =+[ \t]*\r?\n$/.test(text.slice(Math.max(0, match.index - 120), match.index));
    const leased = rows.some(({ key }) => key === 'refresh_interval' || key === 'lease_id');
    if (!titled && !leased) return [];
    return rows.flatMap(({ key, start, end }) => (plainRows.has(key) ? [] : [{ start, end, kind: 'vault' }]));
  });
}
