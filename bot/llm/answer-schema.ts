import { z } from 'zod';

/** Keywords that providers' strict modes refuse, or ignore: the answer is validated here anyway. */
const dropped = new Set([
  '$schema',
  'default',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
]);

function simplified(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(simplified);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key, value]) => !dropped.has(key) || typeof value === 'object');
  return Object.fromEntries(entries.map(([key, value]) => [key, simplified(value)]));
}

/** The JSON Schema of an answer as every provider's structured output takes it. */
export function answerSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  return simplified(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })) as Record<string, unknown>;
}

/** The first JSON value of an answer; models set some in a block of code. Undefined: there is none. */
export function jsonOf(text: string): unknown {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*/i, '')
    .replace(/\s*```$/, '');
  try {
    return JSON.parse(bare);
  } catch {
    return undefined;
  }
}
