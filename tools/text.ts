import { z } from 'zod';

/** Text of a command that has no structured output. */
export const Text = z.object({
  text: z.string(),
  /** Characters left out: at the end, of a log at its beginning. */ omitted: z.number().int().nonnegative(),
});
export type Text = z.infer<typeof Text>;

/** Characters kept of it. */
const limit = 60_000;

export function boundedText(text: string): Text {
  return { text: text.slice(0, limit).toWellFormed(), omitted: Math.max(0, text.length - limit) };
}

/** The last of a log: what it says before it ends matters most. Cut between lines, or words: never through what may be a secret. */
export function endOfText(text: string): Text {
  if (text.length <= limit) return { text: text.toWellFormed(), omitted: 0 };
  const end = text.slice(-limit);
  const cut = [/\n/, /\s/].map((gap) => end.search(gap)).find((at) => at >= 0 && at < end.length - 1) ?? limit - 1;
  const shown = end.slice(cut + 1).toWellFormed();
  return { text: shown, omitted: text.length - shown.length };
}
