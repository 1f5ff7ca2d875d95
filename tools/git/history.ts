import { z } from 'zod';
import { beginningOf, endingOf, endOfText } from '../text.ts';

/** What reads of a repository's past have in common, whichever forge tells it. */
export const firstLine = (text: string): string => beginningOf(text.split('\n')[0] ?? '', 300);

const Commit = z.object({ commit: z.string(), at: z.string(), author: z.string(), subject: z.string(), url: z.string() });

export const Commits = z.object({ commits: z.array(Commit), /** There may be more in the window. */ more: z.boolean() });

const Lines = z.object({
  from: z.number().int(),
  to: z.number().int(),
  commit: z.string(),
  at: z.string(),
  author: z.string(),
  subject: z.string(),
});
export type Lines = z.infer<typeof Lines>;

/** Lines of a file with the commit that wrote them. */
export const Blame = z.object({ commit: z.string(), lines: z.array(Lines) });

/** Lines of a file that are asked for: in order. */
export const LineNumbers = {
  fromLine: z.int().min(1).max(1_000_000).default(1),
  toLine: z.int().min(1).max(1_000_000).default(200),
};

export const Log = z.object({ text: z.string(), /** Lines left out before. */ omitted: z.number().int().nonnegative() });
export type Log = z.infer<typeof Log>;

/** The last lines of a log, for redaction. */
export function endOf(text: string, tail: number): Log {
  const lines = text.trimEnd().split('\n');
  return { text: endingOf(lines.slice(-tail).join('\n')).text, omitted: Math.max(0, lines.length - tail) };
}

/** What is kept of them, once they are redacted. */
export function endOfLog({ text, omitted }: Log): Log {
  return { text: endOfText({ text, omitted: 0 }).text, omitted };
}
