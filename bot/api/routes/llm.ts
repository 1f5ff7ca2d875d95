import { z } from 'zod';
import { NotFound } from '../../store/errors.ts';
import { LlmCall, LlmUsage, llmCallsOf, llmUsageSince } from '../../store/llm-calls.ts';
import { inTransaction } from '../../store/pool.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { actorOf, type Principal } from '../principal.ts';
import { Problem } from '../problem.ts';
import { Instant } from '../shapes.ts';

const mostCalls = 500;
const dayMs = 24 * 60 * 60 * 1_000;

export const LlmUsageAnswer = z.object({ since: z.string(), items: z.array(LlmUsage) });
export const LlmCallsAnswer = z.object({ items: z.array(LlmCall) });
export const LlmPromptAnswer = z.object({ id: z.string(), incidentId: z.string(), at: z.string(), text: z.string() });

/** What was sent to a model holds everything that was known of an incident: those who decide about changes may read it. */
function mayReadPrompts(principal: Principal): boolean {
  if (principal.kind === 'service_token') return principal.scopes.includes('tokens:admin');
  return principal.roles.some((role) => role === 'approver' || role === 'admin');
}

/** What language models were asked, and what that cost. */
export function llmRoutes(v1: Routes, { store, prompts }: ApiOptions): void {
  v1.get(
    '/llm/usage',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Calls, tokens and millionths of a US dollar by provider, model and task; since a day ago unless `since` is given',
        querystring: z.object({ since: Instant.optional() }),
        response: { 200: LlmUsageAnswer },
      },
    },
    async (request) => {
      const { since = new Date(store.now().getTime() - dayMs).toISOString() } = request.query;
      return { since, items: [...(await llmUsageSince(store.reads.db, new Date(since)))] };
    },
  );

  v1.get(
    '/incidents/:id/llm',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Calls of language models for an incident, oldest first',
        params: z.object({ id: z.string().max(100) }),
        response: { 200: LlmCallsAnswer },
      },
    },
    async (request) => {
      const { id } = await store.incidents.get(request.params.id);
      return { items: [...(await llmCallsOf(store.reads.db, id, mostCalls))] };
    },
  );

  v1.get(
    '/llm/prompts/:id',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Exactly what was sent, redacted, while it is kept; for approvers and administrators. Each reading is audited',
        params: z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }),
        response: { 200: LlmPromptAnswer },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      if (!mayReadPrompts(principal))
        throw new Problem(403, 'forbidden', 'Prompts are for approvers and administrators, or a token with the scope tokens:admin.');
      const { id } = request.params;
      const prompt = await prompts.get(id);
      if (prompt === null) throw new NotFound('prompt', id);
      const { incidentId } = prompt;
      await inTransaction(store.pool, (tx) =>
        store.record(tx, { kind: 'llm.prompt_read', actor: actorOf(principal), incidentId, ids: { prompt: id } }),
      );
      return { id, ...prompt };
    },
  );
}
