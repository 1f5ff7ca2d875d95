import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { giveUpKey, type KeptAnswer, type KeyUse, keepAnswer, markUnknown, reserveKey } from '../../store/idempotency.ts';
import type { Db } from '../../store/sql.ts';
import { type Api, type ApiOptions, principalOf } from '../context.ts';
import { callerOf } from '../principal.ts';
import { Problem } from '../problem.ts';

/** `kept`: the answer is given again. `once`: that it was done is known, the answer is not kept. `none`: the route writes nothing. */
export type Idempotency = 'kept' | 'once' | 'none';

/** Visible ASCII, bare or as a string of RFC 8941, as the IETF draft has it. */
const form = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;
/** Characters of an answer that is kept. */
const longestKept = 262_144;
/** Milliseconds after which a request without an answer has been lost with its process. */
const longestRunMs = 120_000;
const keptHeaders = ['content-type', 'location'];

function keyOf(header: string): string {
  const match = form.exec(header);
  const key = match?.[1] ?? match?.[2];
  if (key !== undefined) return key;
  throw new Problem(400, 'bad_idempotency_key', 'An Idempotency-Key is 1 to 255 visible ASCII characters.');
}

function usageOf(request: FastifyRequest, header: string): KeyUse {
  const asked = JSON.stringify([request.method, request.url, request.body ?? null]);
  return { caller: callerOf(principalOf(request)), key: keyOf(header), request: createHash('sha256').update(asked).digest() };
}

function replay(reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply {
  if (body === null)
    throw new Problem(
      409,
      'already_done',
      'The request with this Idempotency-Key was carried out. Its answer is not kept: look for what it made.',
      {
        headers: { ...(headers['location'] === undefined ? {} : { location: headers['location'] }) },
      },
    );
  return reply
    .code(status)
    .headers({ ...headers, 'idempotency-replayed': 'true' })
    .serializer((text: unknown) => String(text))
    .send(body);
}

function outcomeUnknown(): Problem {
  return new Problem(
    409,
    'outcome_unknown',
    'The request with this Idempotency-Key failed, or was never answered: whether it took effect is not known. Look, and use another key.',
  );
}

function stillOpen(since: Date, now: Date): Problem {
  if (now.getTime() - since.getTime() >= longestRunMs) return outcomeUnknown();
  return new Problem(409, 'in_progress', 'The request with this Idempotency-Key is under way.', { headers: { 'retry-after': '2' } });
}

type Answered = (request: FastifyRequest, reply: FastifyReply, payload: unknown) => Omit<KeptAnswer, 'status'>;

const answerOf: Answered = (request, reply, payload) => {
  // What made nothing holds no secret, and is said again as it was.
  const mayKeep = reply.statusCode >= 300 || request.routeOptions.config.idempotency !== 'once';
  const whole = typeof payload === 'string' && payload.length <= longestKept && mayKeep;
  const empty = payload === null || payload === undefined || payload === '';
  const headers = Object.fromEntries(keptHeaders.flatMap((name) => (reply.hasHeader(name) ? [[name, String(reply.getHeader(name))]] : [])));
  return { headers, body: whole ? payload : empty ? '' : null };
};

/** A fault in the middle of a write says nothing about what had been committed by then: only who knows that nothing came of it says so. */
async function settle(pool: Db, use: KeyUse, request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
  const { statusCode: status } = reply;
  if (status === 429 || (status >= 500 && request.nothingDone)) await giveUpKey(pool, use);
  else if (status >= 500) await markUnknown(pool, use);
  else await keepAnswer(pool, use, { status, ...answerOf(request, reply, payload) });
}

/** For every POST whose caller sends an Idempotency-Key: it takes effect once, and is answered the same for a day. */
export function addIdempotency(v1: Api, { store: { pool, now }, log }: Pick<ApiOptions, 'store' | 'log'>): void {
  const open = new WeakMap<FastifyRequest, KeyUse>();
  v1.addHook('preHandler', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    const manner = request.routeOptions.config.idempotency ?? 'kept';
    if (header === undefined || request.method !== 'POST' || manner === 'none') return;
    const use = usageOf(request, String(header));
    const reserved = await reserveKey(pool, use, now());
    if (reserved.kind === 'other')
      throw new Problem(422, 'key_reused', 'This Idempotency-Key was sent with another request: use a new one for each.');
    if (reserved.kind === 'running') throw stillOpen(reserved.since, now());
    if (reserved.kind === 'unknown') throw outcomeUnknown();
    if (reserved.kind === 'answered') return replay(reply, reserved.answer);
    open.set(request, use);
  });
  v1.addHook('onSend', async (request, reply, payload) => {
    const use = open.get(request);
    if (use === undefined) return payload;
    open.delete(request);
    try {
      await settle(pool, use, request, reply, payload);
    } catch (error) {
      // The caller is told what there is to tell. The key stays open: sent again, the outcome is not known.
      log.warn({ err: error, requestId: request.id }, 'what a request with an Idempotency-Key was answered could not be kept');
    }
    return payload;
  });
}
