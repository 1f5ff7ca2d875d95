import { z } from 'zod';
import { NotFound } from '../../store/errors.ts';
import { Sink } from '../../store/outbox.ts';
import { OutboxDepth, OutboxEntry, OutboxState } from '../../store/outbox-view.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { actorOf } from '../principal.ts';
import { Limit, page } from '../shapes.ts';

const Query = z.object({
  state: OutboxState.optional(),
  sink: Sink.optional(),
  incident: z.string().max(100).optional(),
  cursor: Cursor('outbox'),
  limit: Limit,
});

/** `sinks`: all of the outbox, whatever the filter. */
export const OutboxPage = page(OutboxEntry).extend({ sinks: z.array(OutboxDepth) });
export const Retried = z.object({ ids: z.array(z.number()) });

export function outboxRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.get(
    '/outbox',
    {
      config: { scope: 'read' },
      schema: {
        summary:
          'What is on its way to Linear and PagerDuty, oldest first; `refused` are dead letters, passed over by what came after them',
        querystring: Query,
        response: { 200: OutboxPage },
      },
    },
    async (request) => {
      const { state, sink, incident: incidentId, cursor, limit } = request.query;
      const items = await store.outbox.list({ state, sink, incidentId }, Number(cursor ?? 0), limit);
      const next = nextOf('outbox', items, limit, ({ id }) => id);
      return { items: [...items], next, sinks: [...(await store.outbox.depth())] };
    },
  );

  v1.post(
    '/outbox/:id/retry',
    {
      config: { scope: 'outbox:write' },
      schema: {
        summary: 'Send a dead letter again, with those of the same message; 404 when it is none',
        params: z.object({ id: z.coerce.number().int().positive() }),
        response: { 202: Retried },
      },
    },
    async (request, reply) => {
      const ids = await store.outbox.retry(request.params.id, actorOf(principalOf(request)));
      if (ids.length === 0) throw new NotFound('dead letter', String(request.params.id));
      return reply.code(202).send({ ids: [...ids] });
    },
  );
}
