import { z } from 'zod';
import { KeptMemory } from '../../store/memories.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { actorOf } from '../principal.ts';
import { Problem } from '../problem.ts';
import { Limit, page } from '../shapes.ts';

export const MemoryAnswer = KeptMemory;
const Query = z.object({ cursor: Cursor('memories'), limit: Limit });
const Body = z.strictObject({ reason: z.string().trim().min(1).max(500) });

export function memoryRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.get(
    '/memories',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Incidents that are remembered, newest first, with those that were marked as wrong',
        querystring: Query,
        response: { 200: page(MemoryAnswer) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const items = await store.memories.list(limit, cursor);
      return { items: [...items], next: nextOf('memories', items, limit, ({ incidentId }) => incidentId) };
    },
  );

  v1.post(
    '/memories/:incident/retract',
    {
      config: { scope: 'incidents:write' },
      schema: {
        summary: 'Mark what is remembered of an incident as wrong: it is shown beside no other one any more; for people only',
        params: z.object({ incident: z.string().min(1).max(100) }),
        body: Body,
        response: { 200: MemoryAnswer },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      if (principal.kind !== 'person') throw new Problem(403, 'people_only', 'What is remembered is for people to judge: sign in.');
      return store.memories.retract(request.params.incident, actorOf(principal), request.body.reason);
    },
  );
}
