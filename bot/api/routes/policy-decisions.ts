import { z } from 'zod';
import type { RecordedDecision } from '../../store/decisions.ts';
import type { ApiOptions, Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { Instant, Limit, page } from '../shapes.ts';

const Query = z.object({
  incident: z.string().max(100).optional(),
  plan: z.string().max(100).optional(),
  question: z.string().max(100).optional(),
  verdict: z.enum(['allow', 'deny', 'needs_approval']).optional(),
  since: Instant.optional(),
  cursor: Cursor('decisions'),
  limit: Limit,
});

export const DecisionAnswer = z.object({
  id: z.string(),
  at: z.string(),
  question: z.string().nullable(),
  verdict: z.string().nullable(),
  incident: z.string().nullable(),
  plan: z.string().nullable(),
  step: z.string().nullable(),
  /** Hash of the bundle that decided. */
  bundle: z.string(),
  /** Redacted; in the form of the version that asked. */
  input: z.unknown(),
  result: z.unknown(),
});

function answer({ incidentId: incident, planId: plan, stepId: step, ...rest }: RecordedDecision): z.infer<typeof DecisionAnswer> {
  return { ...rest, incident, plan, step };
}

export function decisionRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.get(
    '/policy/decisions',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What policy was asked and answered, newest first',
        querystring: Query,
        response: { 200: page(DecisionAnswer) },
      },
    },
    async (request) => {
      const { incident: incidentId, plan: planId, question, verdict, since, cursor, limit } = request.query;
      const filter = { incidentId, planId, question, verdict, since: since === undefined ? undefined : new Date(since) };
      const found = await store.decisions.list(filter, cursor, limit);
      return { items: found.map(answer), next: nextOf('decisions', found, limit, ({ id }) => id) };
    },
  );
}
