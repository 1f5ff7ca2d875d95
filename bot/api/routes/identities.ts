import { z } from 'zod';
import { NotFound } from '../../store/errors.ts';
import { endIdentity, Identity, listIdentities } from '../../store/identities.ts';
import { inTransaction } from '../../store/pool.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { actorOf } from '../principal.ts';
import { Limit, page } from '../shapes.ts';

/** Accounts that people linked by a login. Those of the configuration file are not among them. */
export function identityRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.get(
    '/identities',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Linked accounts, oldest first',
        querystring: z.object({ cursor: Cursor('identities'), limit: Limit }),
        response: { 200: page(Identity) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const items = await listIdentities(store.pool, cursor, limit);
      return { items: [...items], next: nextOf('identities', items, limit, ({ id }) => id) };
    },
  );

  v1.delete(
    '/identities/:id',
    {
      config: { scope: 'tokens:admin' },
      schema: { summary: 'End a link', params: z.object({ id: z.string().min(1).max(100) }), response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { id } = request.params;
      const actor = actorOf(principalOf(request));
      const ended = await inTransaction(store.pool, (tx) => endIdentity(tx, store.record, id, store.now(), actor));
      if (!ended) throw new NotFound('linked account', id);
      return reply.code(204).send(null);
    },
  );
}
