import { z } from 'zod';
import { entryLine } from '../../audit/export-lines.ts';
import type { AuditFilter } from '../../store/audit-filter.ts';
import { lastAudit, listStored, type StoredEntry, streamStored } from '../../store/audit-list.ts';
import type { ApiOptions, Routes } from '../context.ts';
import { createExports } from '../exports.ts';
import { EntryAnswer, EntryCursor, entryPage, Instant, Limit, page } from '../shapes.ts';

export const ndjson = 'application/x-ndjson';

const Word = z.string().min(1).max(200).optional();
const Query = z.object({
  id: z.uuid().optional().describe('of the decision: the entry is there at once, its place about a second later'),
  actor: Word.describe('person:alice, or alice for every kind of actor'),
  kind: Word.describe('plan.approved, or plan.* for all of a group'),
  from: Instant.optional().describe('not before'),
  to: Instant.optional().describe('before'),
  incident: Word,
  plan: Word,
  operation: Word,
  verdict: Word,
  cursor: EntryCursor,
  limit: Limit,
  last: z.coerce.number().int().min(1).max(200).optional().describe('the last so many, in place of cursor and limit'),
});

function filterOf({ id, incident, plan, actor, kind, from, to, operation, verdict }: z.infer<typeof Query>): AuditFilter {
  return { id, incidentId: incident, planId: plan, actor, kind, from, to, operation, verdict };
}

async function* lines(entries: AsyncIterable<StoredEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${entryLine(entry)}\n`;
}

export function auditRoutes(v1: Routes, { store: { reads } }: ApiOptions): void {
  const send = createExports();
  v1.get(
    '/audit/entries',
    {
      config: { scope: 'read', produces: [ndjson] },
      schema: {
        summary: `Oldest first, those without a place at the end; with Accept: ${ndjson} all of them, one a line`,
        querystring: Query,
        response: { 200: page(EntryAnswer) },
      },
    },
    async (request, reply) => {
      const { cursor, limit, last } = request.query;
      const filter = filterOf(request.query);
      if (last !== undefined) return { items: [...(await lastAudit(reads.db, filter, last))], next: null };
      if (request.method === 'HEAD' || request.headers.accept?.includes(ndjson) !== true)
        return entryPage(await listStored(reads.db, filter, cursor, limit), limit);
      return reply.type(ndjson).send(send(lines(streamStored(reads.patient, filter, cursor))) as never);
    },
  );
}
