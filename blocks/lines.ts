import { section } from './elements.ts';
import type { Block } from './slack.ts';

/** At most 20 lines, a section each: a line may be some hundred characters long. */
export function lines<T>(items: readonly T[], show: (item: T) => string): Block[] {
  const rest = items.length - 20;
  return [...items.slice(0, 20).map((item) => section(show(item))), ...(rest > 0 ? [section(`… (${rest} more)`)] : [])];
}
