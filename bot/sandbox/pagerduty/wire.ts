import type { z } from 'zod';
import { invalidInput } from './problem.ts';

/** Throws PagerDutyProblem 400 that names what is wrong. */
export function parseBody<T>(type: z.ZodType<T>, body: unknown): T {
  const parsed = type.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidInput(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
}

function number(value: unknown, otherwise: number): number {
  const parsed = Number(value ?? otherwise);
  if (!Number.isInteger(parsed) || parsed < 0) throw invalidInput('limit and offset must be whole numbers');
  return parsed;
}

/** A list under its plural name, cut by `limit` (25 unless told, at most 100) and `offset`. */
export function paged(name: string, all: readonly unknown[], query: Readonly<Record<string, unknown>>): object {
  const limit = Math.min(number(query['limit'], 25), 100);
  const offset = number(query['offset'], 0);
  return { [name]: all.slice(offset, offset + limit), limit, offset, more: offset + limit < all.length, total: null };
}
