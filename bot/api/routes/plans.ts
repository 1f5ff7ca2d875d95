import { z } from 'zod';
import { Sha256 } from '../../../tools/contract.ts';
import { Verdict } from '../../../workflows/contracts/plan.ts';
import type { VoteOutcome, VoteRequest } from '../../ports.ts';
import { requireMatch } from '../conduct/etag.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { type Principal, voterOf } from '../principal.ts';
import { Problem } from '../problem.ts';
import { Limit, PlanAnswer, page, planAnswer } from '../shapes.ts';

const Id = z.object({ id: z.string().min(1).max(100) });
const VoteBody = z.strictObject({ verdict: Verdict, requestHash: Sha256, reason: z.string().max(2_000).optional() });
export const VoteAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('recorded'),
    person: z.string(),
    approvals: z.number().int(),
    needed: z.number().int(),
    missing: z.string().nullable(),
    decided: z.enum(['approved', 'rejected', 'changes_requested']).nullable(),
  }),
  z.object({ kind: z.literal('repeated'), person: z.string() }),
]);

const refusals: Readonly<Record<Extract<VoteOutcome, { kind: 'refused' }>['code'], number>> = {
  unknown_person: 403,
  not_allowed: 403,
  stale: 409,
  settled: 409,
  expired: 410,
  unknown_plan: 404,
};

/** What our own command line says of itself; it shows only where a vote came from. */
const commandLine = /^watchkeeper-cli\//;

function channelOf(principal: Principal, agent: string | undefined): VoteRequest['channel'] {
  if (principal.kind === 'person' && principal.page === true) return 'web';
  return commandLine.test(agent ?? '') ? 'cli' : 'api';
}

export function planRoutes(v1: Routes, { store, votes }: ApiOptions): void {
  v1.get(
    '/plans/:id',
    { config: { scope: 'read' }, schema: { summary: 'A plan with its steps and votes', params: Id, response: { 200: PlanAnswer } } },
    async (request) => planAnswer(await store.plans.get(request.params.id)),
  );

  // No scope: who may vote is for the vote path to say, which refuses every service token.
  v1.post(
    '/plans/:id/votes',
    {
      config: { scope: 'any' },
      schema: { summary: 'Answer an approval request', params: Id, body: VoteBody, response: { 200: VoteAnswer } },
    },
    async (request) => {
      const { verdict, requestHash, reason } = request.body;
      await requireMatch(request, PlanAnswer, async () => planAnswer(await store.plans.get(request.params.id)));
      const outcome = await votes.cast({
        who: voterOf(principalOf(request)),
        planId: request.params.id,
        requestHash,
        verdict,
        reason: reason ?? null,
        channel: channelOf(principalOf(request), request.headers['user-agent']),
      });
      if (outcome.kind === 'refused') throw new Problem(refusals[outcome.code], outcome.code, outcome.message);
      return outcome;
    },
  );

  v1.get(
    '/approvals',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Plans that wait for people, soonest expiry first',
        querystring: z.object({ state: z.literal('pending').default('pending'), cursor: Cursor('approvals'), limit: Limit }),
        response: { 200: page(PlanAnswer) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const found = await store.plans.pending(limit, cursor);
      return { items: found.map(planAnswer), next: nextOf('approvals', found, limit, ({ plan }) => plan.id) };
    },
  );
}
