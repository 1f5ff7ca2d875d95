import { z } from 'zod';

/** What is wrong with a log, in words that name the first bad entry. */
export const LogProblem = z.object({
  /** Place of the first bad entry; null: it is not about one. */
  seq: z.int().nullable(),
  /** The first bad entry is one from `seq` up to here; the same as `seq` where it is known. */
  until: z.int().nullable(),
  code: z.enum(['missing', 'changed', 'words_changed', 'not_as_signed', 'not_signed', 'cut_off', 'not_a_log']),
  words: z.string(),
});
export type LogProblem = z.infer<typeof LogProblem>;

export function at(seq: number, code: LogProblem['code'], words: string): LogProblem {
  return { seq, until: seq, code, words: `The first bad entry is ${seq}: ${words}.` };
}

/** Where nothing says which of them it is. */
export function between(seq: number, until: number, code: LogProblem['code'], words: string): LogProblem {
  return seq === until ? at(seq, code, words) : { seq, until, code, words: `The first bad entry is one of ${seq} to ${until}: ${words}.` };
}

export function whole(code: LogProblem['code'], words: string): LogProblem {
  return { seq: null, until: null, code, words };
}

/** A checkpoint of `size` entries has another root than they have; those up to `good` were covered by one that held. */
export function notAsSigned(good: number, size: number): LogProblem {
  return between(good + 1, size, 'not_as_signed', `a signed checkpoint of ${size} entries says other ones`);
}

/** The log has `size` entries, a signed checkpoint has more. */
export function cutOff(size: number, signed: number): LogProblem {
  return at(size + 1, 'cut_off', `it and those after it are gone: the log ends at ${size}, and a signed checkpoint has ${signed} entries`);
}
