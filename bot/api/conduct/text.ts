import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';

/** Pointer to the first text that is none: half a character, or (where texts are looked for in the database) one with NUL. */
function wrongText(value: unknown, nul: boolean, pointer = ''): string | null {
  if (typeof value === 'string') return value.isWellFormed() && !(nul && value.includes('\0')) ? null : pointer;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = key.isWellFormed() ? wrongText(inner, nul, `${pointer}/${key}`) : pointer;
    if (found !== null) return found;
  }
  return null;
}

/** Throws Problem 400 for what neither JSON nor a database can hold. */
export function requireText({ params, query, body }: Pick<FastifyRequest, 'params' | 'query' | 'body'>): void {
  const pointer = wrongText(params, true) ?? wrongText(query, true) ?? wrongText(body, false);
  if (pointer === null) return;
  throw new Problem(400, 'invalid_text', 'The request has a text that is not well-formed Unicode.', {
    errors: [{ pointer, detail: 'must be well-formed Unicode, without NUL in addresses' }],
  });
}
