import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Against slips and guesses; whoever asks may read all of the list anyway. */
function checkOf(list: string, place: string): string {
  return createHash('sha256').update(`${list} ${place}`).digest('base64url').slice(0, 8);
}

/** Where a list goes on, for `next`: opaque to callers, and of no use with another list. */
export function cursorOf(list: string, place: string | number): string {
  return Buffer.from(`${place} ${checkOf(list, String(place))}`, 'utf8').toString('base64url');
}

function placeIn(list: string, cursor: string): string | null {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const place = text.slice(0, text.lastIndexOf(' '));
  return cursorOf(list, place) === cursor ? place : null;
}

/** The parameter `cursor` of a list → the place after which it goes on; null: from the beginning. */
export function Cursor(list: string) {
  return z
    .string()
    .max(300)
    .optional()
    .describe('What `next` of the page before said.')
    .transform((cursor, context) => {
      if (cursor === undefined) return null;
      const place = placeIn(list, cursor);
      if (place !== null) return place;
      context.addIssue({ code: 'custom', message: 'must be what `next` of this list said' });
      return z.NEVER;
    });
}

/** The `next` of a page that was read with `limit`. */
export function nextOf<T>(list: string, items: readonly T[], limit: number, placeOf: (item: T) => string | number): string | null {
  const last = items.length === limit ? items.at(-1) : undefined;
  return last === undefined ? null : cursorOf(list, placeOf(last));
}
