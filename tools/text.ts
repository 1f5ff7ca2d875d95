import { z } from 'zod';

/** Text of a command that has no structured output. */
export const Text = z.object({
  text: z.string(),
  /** Characters left out: at the end, of a log at its beginning. */ omitted: z.number().int().nonnegative(),
});
export type Text = z.infer<typeof Text>;

/** Characters kept of it. */
const limit = 60_000;

/** Characters of it that are redacted, before it is cut: what a cut has halved no rule knows any more. */
const looked = 1_048_576;

/** Longer than any single secret that a pattern knows: so near to where it was no longer looked at, nothing is shown. */
const margin = 8_192;

/** The beginning, for redaction. */
export function textOf(text: string): Text {
  return { text: text.slice(0, looked).toWellFormed(), omitted: Math.max(0, text.length - looked) };
}

/** What is kept of the beginning, once it is redacted. */
export function boundedText({ text, omitted }: Text): Text {
  const shown = text.slice(0, omitted > 0 ? Math.max(0, Math.min(limit, text.length - margin)) : limit).toWellFormed();
  return { text: shown, omitted: omitted + text.length - shown.length };
}

/** The end, of a log, for redaction. */
export function endingOf(text: string): Text {
  return { text: text.slice(-looked).toWellFormed(), omitted: Math.max(0, text.length - looked) };
}

/** What is kept of the end, once it is redacted: what a log says before it ends matters most. Cut between lines, or words. */
export function endOfText({ text, omitted }: Text): Text {
  const known = omitted > 0 ? text.slice(margin) : text;
  const shown = known.length <= limit ? known : afterGap(known.slice(-limit));
  return { text: shown, omitted: omitted + text.length - shown.length };
}

function afterGap(end: string): string {
  const cut = [/\n/, /\s/].map((gap) => end.search(gap)).find((at) => at >= 0 && at < end.length - 1) ?? limit - 1;
  return end.slice(cut + 1).toWellFormed();
}

/** The beginning of a text that is one of many, for redaction: `cutTo` leaves `most` characters of it. */
export const partOf = (text: string, most: number): string => text.slice(0, most + margin).toWellFormed();

export const cutTo = (text: string, most: number): string => text.slice(0, most).toWellFormed();

/**
 * The beginning of a short text that is not redacted yet, at most `most` characters: cut between words, or between the strings of a JSON
 * text, never through a word. What is longer, or several words make a secret together, is cut when it is redacted (`cut` of an operation).
 */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  const room = text.slice(0, most - 1);
  const end = Math.max(room.search(/\s\S*$/), room.lastIndexOf('",') + 1, 0);
  return `${room.slice(0, end).trimEnd()}…`;
}
