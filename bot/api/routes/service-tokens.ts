import { z } from 'zod';
import { NotFound } from '../../store/errors.ts';
import { ServiceToken } from '../../store/tokens.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { actorOf, Scope } from '../principal.ts';

const NewToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(Scope).min(1),
  /** Days from now; 90 when absent. */
  expiresInDays: z.number().int().min(1).max(366).default(90),
});
const dayMs = 86_400_000;

export function tokenRoutes(v1: Routes, { store }: ApiOptions): void {
  const config = { scope: 'tokens:admin' } as const;

  v1.get(
    '/service-tokens',
    { config, schema: { summary: 'Newest first, without secrets', response: { 200: z.object({ items: z.array(ServiceToken) }) } } },
    async () => ({ items: [...(await store.tokens.list())] }),
  );

  v1.post(
    '/service-tokens',
    {
      config,
      schema: {
        summary: 'Make a token; its secret is shown this once',
        body: NewToken,
        response: { 201: z.object({ token: ServiceToken, secret: z.string() }) },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresInDays } = request.body;
      const expiresAt = new Date(store.now().getTime() + expiresInDays * dayMs);
      return reply.code(201).send(await store.tokens.create({ name, scopes, expiresAt }, actorOf(principalOf(request))));
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
