import { z } from 'zod';

/** Text of a command that has no structured output. */
export const Text = z.object({ text: z.string(), /** Characters left out at the end. */ omitted: z.number().int().nonnegative() });
export type Text = z.infer<typeof Text>;

/** Characters kept of it. */
const limit = 60_000;

export function boundedText(text: string): Text {
  return { text: text.slice(0, limit).toWellFormed(), omitted: Math.max(0, text.length - limit) };
}
