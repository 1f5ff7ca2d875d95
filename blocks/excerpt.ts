import { visible } from './escape.ts';
import { truncate } from './truncate.ts';

/** What a code block may take before it is cut. */
export interface Room {
  /** As shown: hidden characters written out. */
  readonly characters: number;
  readonly lines: number;
}

export interface Excerpt {
  readonly text: string;
  /** False: the text goes on. */
  readonly whole: boolean;
  /** Whole lines that are left out. */
  readonly rest: number;
}

/** The first lines of a text, as many as there is room for; of a first line that is too long, its beginning with a note. */
export function excerpt(text: string, { characters, lines }: Room): Excerpt {
  const all = text.replace(/\n+$/, '').split('\n');
  let length = 0;
  let kept = 0;
  for (const line of all.slice(0, lines)) {
    length += visible(line).length + 1;
    if (length > characters + 1) break;
    kept += 1;
  }
  const whole = kept === all.length;
  if (kept > 0) return { text: visible(all.slice(0, kept).join('\n')), whole, rest: all.length - kept };
  return { text: truncate(all[0] ?? '', characters, visible), whole, rest: all.length - 1 };
}
