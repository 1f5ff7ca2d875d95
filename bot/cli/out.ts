import { clean } from '../../tools/clean.ts';

/** Where commands write: results to stdout, everything else to stderr. Text from outside cannot steer the terminal. */
export interface Out {
  /** A line of the result. */
  line(text: string): void;
  /** A line about what is going on. */
  note(text: string): void;
}

export const terminal: Out = {
  line: (text) => void process.stdout.write(`${clean(text)}\n`),
  note: (text) => void process.stderr.write(`${clean(text)}\n`),
};

/** Rows as columns of equal width; the last column is as long as it is. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** One value: as a line of JSON, or as lines for people. */
export function print<T>(out: Out, value: T, json: boolean | undefined, lines: (value: T) => readonly string[]): void {
  if (json === true) out.line(JSON.stringify(value));
  else for (const line of lines(value)) out.line(line);
}
