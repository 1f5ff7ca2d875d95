import { z } from 'zod';
import type { AnyOperation } from '../../tools/operation.ts';

/** Every text within a value, however deep; of an object its keys too. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

/** Words of the operation's own schema (kinds, fields, formats), counts and durations need no evidence. */
function isOwnWord(word: string, schema: readonly string[]): boolean {
  return /^\d{1,6}(?:ms|s|m|h|d)?$/.test(word) || schema.includes(word);
}

/**
 * What a model filled in that stands nowhere: it is made up, or carries something out. Undefined: all of it is known.
 * `filled`: the input without what is bounded otherwise; the names of its own fields are not among what is judged.
 */
export function ungrounded(
  filled: Readonly<Record<string, unknown>>,
  operation: AnyOperation,
  known: (name: string) => boolean,
): string | undefined {
  const schema = textsIn(z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }));
  return Object.values(filled)
    .flatMap(textsIn)
    .find((word) => !isOwnWord(word, schema) && !known(word));
}
