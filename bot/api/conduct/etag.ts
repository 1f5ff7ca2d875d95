import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../context.ts';
import { Problem } from '../problem.ts';

function tagOf(body: string | Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

const opaque = (tag: string) => tag.trim().replace(/^W\//, '');

/** RFC 9110, 8.8.3: whether one of the listed tags is that one. */
function lists(header: string, tag: string): boolean {
  return header.trim() === '*' || header.split(',').some((one) => opaque(one) === tag);
}

function tagged({ method }: FastifyRequest, reply: FastifyReply, payload: unknown): payload is string | Buffer {
  return (method === 'GET' || method === 'HEAD') && reply.statusCode === 200 && (typeof payload === 'string' || Buffer.isBuffer(payload));
}

/** Every answer that is in one piece gets its tag, and 304 where the caller has it. It may be kept, and is asked for again each time. */
export function addTags(v1: Api): void {
  v1.addHook('onSend', async (request, reply, payload) => {
    if (!tagged(request, reply, payload)) return payload;
    const tag = tagOf(payload);
    reply.headers({ etag: tag, 'cache-control': 'private, no-cache', vary: 'accept, authorization' });
    const known = request.headers['if-none-match'];
    if (known === undefined || !lists(known, tag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
}

/**
 * For writes that may name the state on which they rest: `answer` is what a GET of the thing answers now. Throws Problem 412 when it is
 * another one. What else has to hold at the moment of the write is for the write to say.
 */
export async function requireMatch<T extends z.ZodType>(
  request: FastifyRequest,
  schema: T,
  answer: () => Promise<z.output<T>>,
): Promise<void> {
  const wanted = request.headers['if-match'];
  if (wanted === undefined) return;
  const tag = tagOf(JSON.stringify(z.encode(schema, await answer())));
  if (wanted.trim() === '*' || wanted.split(',').some((one) => one.trim() === tag)) return;
  throw new Problem(412, 'changed_meanwhile', 'It has changed since you looked: read it again.', { headers: { etag: tag } });
}
