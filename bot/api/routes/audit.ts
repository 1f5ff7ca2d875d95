import { Readable } from 'node:stream';
import { z } from 'zod';
import type { AuditEntry } from '../../store/audit.ts';
import type { ApiOptions, Routes } from '../context.ts';
import { EntryAnswer, entryPage, Limit, page } from '../shapes.ts';

const ndjson = 'application/x-ndjson';
const Query = z.object({
  incident: z.string().max(100).optional(),
  plan: z.string().max(100).optional(),
  kind: z.string().max(100).optional(),
  cursor: z.coerce.number().int().nonnegative().default(0),
  limit: Limit,
});

async function* lines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

export function auditRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.get(
    '/audit/entries',
    {
      config: { scope: 'read' },
      schema: {
        summary: `Oldest first; with Accept: ${ndjson} all of them, one a line`,
        querystring: Query,
        response: { 200: page(EntryAnswer) },
      },
    },
    async (request, reply) => {
      const { incident: incidentId, plan: planId, kind, cursor, limit } = request.query;
      const filter = { incidentId, planId, kind };
      if (request.headers.accept?.includes(ndjson) !== true) return entryPage(await store.audit.list(filter, cursor, limit), limit);
      reply.type(ndjson);
      return reply.send(Readable.from(lines(store.audit.stream(filter, cursor))) as never);
    },
  );
}
