import type { z } from 'zod';
import { OutputMalformed } from './errors.ts';

/** What a program printed, as the type says. Throws OutputMalformed, without the text: it is not redacted yet. */
export function parseJson<T>(type: z.ZodType<T>, text: string): T {
  const parsed = type.safeParse(decode(text));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.slice(0, 3).map((issue) => `/${issue.path.join('/')}: ${issue.code}`);
  throw new OutputMalformed(`unexpected JSON (${places.join('; ')})`);
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OutputMalformed('not JSON');
  }
}
