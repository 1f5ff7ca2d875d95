/** Where commands write: results to stdout, everything else to stderr. */
export interface Out {
  /** A line of the result. */
  line(text: string): void;
  /** A line about what is going on. */
  note(text: string): void;
}

export const terminal: Out = {
  line: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
};
