import { z } from 'zod';
import type { CommandResult } from './operation.ts';
import { textOf } from './text.ts';

/** What a program says of a write, e.g. `deployment.apps/web rolled back`. At most 1,000 characters. */
export const Message = z.object({ message: z.string() });
export type Message = z.infer<typeof Message>;

export function parseMessage(result: CommandResult): Message {
  return { message: textOf(result.stdout.trim()).text };
}

/** Once it is redacted. */
export function cutMessage({ message }: Message): Message {
  return { message: message.slice(0, 1000).toWellFormed() };
}
