import { referenceLine } from '../key.ts';
import { plain } from '../markdown.ts';
import type { Batch, OutboxRow } from '../ports.ts';
import { lineOf, wordsOf } from '../words.ts';

type Redact = (text: string) => string;

function single(row: OutboxRow, redact: Redact): readonly string[] {
  const { headline, fields, evidence } = wordsOf(row, redact);
  return [
    plain(headline),
    ...fields.map(({ name, value }) => `${plain(name)}: ${plain(value, 2_000)}`),
    ...evidence.map(({ name, id }) => `${plain(name)}: ${id}`),
  ];
}

function line(row: OutboxRow, redact: Redact): string {
  const { time, headline, rest } = lineOf(row, redact);
  return `${time} ${plain(headline)}${rest === '' ? '' : `: ${plain(rest, 600)}`}`;
}

/** Plain text of a note: one decision with all its fields, or several with a line each. Its last line is the key by which it is found again. */
export function note({ rows, key }: Batch, redact: Redact): string {
  const [first, ...more] = rows;
  const body = more.length === 0 ? single(first, redact) : rows.map((row) => line(row, redact));
  return [...body, referenceLine(key)].join('\n');
}

/** One sentence for people who only follow how it goes. */
export function update(row: OutboxRow, redact: Redact, link: string | null): string {
  const { headline, rest } = lineOf(row, redact);
  return [`${plain(headline)}${rest === '' ? '.' : `: ${plain(rest, 600)}`}`, ...(link === null ? [] : [link])].join(' ');
}
