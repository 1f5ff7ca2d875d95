import { z } from 'zod';
import { GrantRefusal, noGrant } from '../../../tools/grant-refusal.ts';
import { callOfGrant } from '../../store/grants.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { requireWithin } from '../limits.ts';
import { actorOf } from '../principal.ts';
import { Problem } from '../problem.ts';

const Claimed = z.object({ state: z.literal('claimed'), planId: z.string(), stepId: z.string() });

/** Null where it has none, or where there is no such incident: a token for one site may not speak of it then. */
async function siteOf({ incidents }: ApiOptions['store'], id: string): Promise<string | null> {
  return incidents.get(id).then(
    ({ site }) => site,
    () => null,
  );
}

export function grantRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.post(
    '/grants/:id/claim',
    {
      config: { scope: 'grants:claim', unlimited: true },
      schema: {
        summary: 'Use a grant up: the one caller that gets 200 may write',
        params: z.object({ id: z.string().min(1).max(200) }),
        body: z.strictObject({ runner: z.string().min(1).max(200) }),
        response: { 200: Claimed },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const call = await callOfGrant(store.pool, request.params.id);
      if (call !== null) requireWithin(principal, call);
      const result = await store.grants.claim(request.params.id, actorOf(principal), request.body.runner);
      if (result.kind === 'already_claimed') throw new Problem(409, 'already_claimed', 'This grant has been used.');
      if (result.kind === 'expired') throw new Problem(410, 'expired', 'This grant has expired.');
      return { state: 'claimed' as const, planId: result.planId, stepId: result.stepId };
    },
  );

  v1.post(
    '/grants/:id/refusals',
    {
      config: { scope: 'grants:claim', unlimited: true },
      schema: {
        summary: 'Tell why a grant was refused; `none` in place of the id for a write without one',
        params: z.object({ id: z.string().min(1).max(200) }),
        body: GrantRefusal,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const principal = principalOf(request);
      const call = id === noGrant ? null : await callOfGrant(store.pool, id);
      const { incidentId, operation } = request.body;
      const where = call ?? { site: await siteOf(store, incidentId), operation };
      requireWithin(principal, where);
      await store.grants.refused(id === noGrant ? null : id, actorOf(principal), request.body);
      return reply.code(204).send(null);
    },
  );
}
