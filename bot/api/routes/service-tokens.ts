import { z } from 'zod';
import { OperationName, SiteName } from '../../../tools/contract.ts';
import type { Registry } from '../../../tools/registry.ts';
import { NotFound } from '../../store/errors.ts';
import { ServiceToken } from '../../store/tokens.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { requireLimitable } from '../limits.ts';
import { actorOf, Scope } from '../principal.ts';
import { Problem } from '../problem.ts';
import { Limit, page } from '../shapes.ts';

const NewToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1).max(Scope.options.length),
  sites: z.array(SiteName).min(1).max(100).optional().describe('Where it may act; everywhere when absent.'),
  operations: z
    .array(z.union([OperationName, z.string().regex(/^[a-z][a-z0-9]*\.\*$/)]))
    .min(1)
    .max(100)
    .optional()
    .describe('What it may run, e.g. kubernetes.get, or kubernetes.* for all of a system; everything when absent.'),
  /** Days from now; 90 when absent. */
  expiresInDays: z.number().int().min(1).max(366).default(90),
});
const dayMs = 86_400_000;

/** A limit that nothing is within is a slip of the hand. Throws Problem 422. */
function requireKnown(registry: Registry, operations: readonly string[] = []): void {
  const names = registry.list().map(({ name }) => name);
  const unknown = operations.filter(
    (one) => !names.some((name) => name === one || (one.endsWith('*') && name.startsWith(one.slice(0, -1)))),
  );
  if (unknown.length > 0) throw new Problem(422, 'unknown_operation', `There is no operation ${unknown.join(', ')}: see GET /v1/tools.`);
}

export function tokenRoutes(v1: Routes, { store, registry }: ApiOptions): void {
  const config = { scope: 'tokens:admin' } as const;

  v1.get(
    '/service-tokens',
    {
      config,
      schema: {
        summary: 'Newest first, without secrets',
        querystring: z.object({ cursor: Cursor('service-tokens'), limit: Limit }),
        response: { 200: page(ServiceToken) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const items = await store.tokens.list(cursor, limit);
      return { items: [...items], next: nextOf('service-tokens', items, limit, ({ id }) => id) };
    },
  );

  v1.post(
    '/service-tokens',
    {
      // The secret is shown once: it is not kept for whoever asks again.
      config: { ...config, idempotency: 'once' },
      schema: {
        summary: 'Make a token; its secret is shown this once',
        body: NewToken,
        response: { 201: z.object({ token: ServiceToken, secret: z.string() }) },
      },
    },
    async (request, reply) => {
      const { name, scopes, sites, operations, expiresInDays } = request.body;
      requireLimitable(scopes, { sites, operations });
      requireKnown(registry, operations);
      const expiresAt = new Date(store.now().getTime() + expiresInDays * dayMs);
      const made = { name, scopes, sites: sites ?? null, operations: operations ?? null, expiresAt };
      return reply.code(201).send(await store.tokens.create(made, actorOf(principalOf(request))));
    },
  );

  v1.delete(
    '/service-tokens/:id',
    { config, schema: { summary: 'Revoke a token', params: z.object({ id: z.string().min(1).max(100) }), response: { 204: z.null() } } },
    async (request, reply) => {
      if (!(await store.tokens.revoke(request.params.id, actorOf(principalOf(request)))))
        throw new NotFound('valid token', request.params.id);
      return reply.code(204).send(null);
    },
  );
}
