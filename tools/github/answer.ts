import { z } from 'zod';
import { NotFound, OutputMalformed } from '../errors.ts';
import { parseJson } from '../json.ts';

const Answer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string().default('') })).optional(),
});

/** The data of a GraphQL answer: errors come with status 200. Throws NotFound or OutputMalformed. */
export function dataOf<T>(type: z.ZodType<T>, stdout: string): T {
  const { data, errors = [] } = parseJson(Answer, stdout);
  const [first] = errors;
  if (first?.type === 'NOT_FOUND') throw new NotFound(first.message.slice(0, 300));
  if (first !== undefined) throw new OutputMalformed(`GitHub refused the query: ${first.type ?? ''} ${first.message.slice(0, 300)}`);
  return parseJson(type, JSON.stringify(data ?? null));
}
