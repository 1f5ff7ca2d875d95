import { z } from 'zod';
import { parseJson } from '../json.ts';

/** What the CLI printed; nothing where AWS answered an empty object. */
export function answerOf<T>(type: z.ZodType<T>, stdout: string): T {
  return parseJson(type, stdout.trim() === '' ? '{}' : stdout);
}

/** RFC 3339. The CLI prints seconds since 1970 or a date, by its version and by the service. */
export const when = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => {
    if (value === null || value === undefined) return null;
    const at = new Date(typeof value === 'number' ? value * 1000 : value);
    return Number.isNaN(at.getTime()) ? null : at.toISOString();
  });

export const instant = z.string().nullable();
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
export const maybe = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
export const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
export const flagged = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

export function many<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}

export const Tags = many(z.object({ Key: z.string(), Value: text })).transform((tags) =>
  Object.fromEntries(tags.slice(0, 50).map(({ Key, Value }) => [Key, Value])),
);

/** Things kept of a list. */
const most = 200;

/** Things fetched of a list, page by page. */
export const fetched = '--max-items=1000';

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    /** Left out of those that were fetched. */
    omitted: z.number().int().nonnegative(),
    /** There are others, which were not fetched. */
    more: z.boolean(),
  });
}

/** `next`: where the next page would begin. */
export function listed<T>(items: readonly T[], next?: unknown): { items: T[]; omitted: number; more: boolean } {
  return { items: items.slice(0, most), omitted: Math.max(0, items.length - most), more: next !== null && next !== undefined };
}

export const NextToken = z.unknown().optional();
