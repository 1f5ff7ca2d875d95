import { painted, plain, type Text } from './style.ts';

/** Where commands write: results to stdout, everything else to stderr. Text from outside cannot steer the terminal. */
export interface Out {
  /** A line of the result. */
  line(text: string): void;
  /** A line about what is going on. */
  note(text: string): void;
  /** A line of the result with meanings; left out: the words are enough. */
  styled?(text: Text): void;
}

/** `color` is about stdout. */
export function createTerminal(color: boolean): Out {
  const write = (text: Text) => void process.stdout.write(`${painted(text, color)}\n`);
  return { line: write, styled: write, note: (text) => void process.stderr.write(`${painted(text, false)}\n`) };
}

/** With its meanings where the output shows them. */
export function say(out: Out, text: Text): void {
  if (typeof text !== 'string' && out.styled !== undefined) out.styled(text);
  else out.line(plain(text));
}

type Cell = string | Exclude<Text, string>[number];

const widthOf = (cell: Cell) => plain([cell]).length;

/** Rows as columns of equal width; the last column is as long as it is. */
export function table(rows: readonly (readonly Cell[])[]): readonly Text[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows.map((row) => {
    const filled = row.map((cell, column) => (widthOf(cell) === 0 ? -1 : column));
    const last = Math.max(...filled);
    const parts = row.slice(0, last + 1).flatMap((cell, column): Cell[] => {
      const gap = column === last ? '' : ' '.repeat((widths[column] ?? 0) - widthOf(cell) + 2);
      return gap === '' ? [cell] : [cell, gap];
    });
    return parts.every((part) => typeof part === 'string') ? parts.join('') : parts;
  });
}

/** One value: as a line of JSON, or as lines for people. */
export function print<T>(out: Out, value: T, json: boolean | undefined, lines: (value: T) => readonly Text[]): void {
  if (json === true) out.line(JSON.stringify(value));
  else for (const line of lines(value)) say(out, line);
}
