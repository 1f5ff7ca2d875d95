import { section } from './elements.ts';
import type { Block } from './slack.ts';

/** Lines in sections of `size` each: a section takes 3,000 characters. */
export function chunks(lines: readonly string[], size: number): Block[] {
  const starts = Array.from({ length: Math.ceil(lines.length / size) }, (_, index) => index * size);
  return starts.map((start) => section(lines.slice(start, start + size).join('\n')));
}
