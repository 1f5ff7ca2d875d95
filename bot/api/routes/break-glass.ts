import { z } from 'zod';
import { Sha256 } from '../../../tools/contract.ts';
import type { BreakGlassOutcome, ReviewOutcome } from '../../ports.ts';
import { BreakGlassUse, unreviewedBreakGlass } from '../../store/break-glass.ts';
import { requireMatch } from '../conduct/etag.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { voterOf } from '../principal.ts';
import { Problem } from '../problem.ts';
import { Limit, PlanAnswer, page, planAnswer } from '../shapes.ts';

const Id = z.object({ id: z.string().min(1).max(100) });

const Body = z.strictObject({
  reason: z.string().max(2_000),
  /** What was read; the plan's id stands for it when absent. */
  requestHash: Sha256.optional(),
  minutes: z.number().int().min(1).max(60).default(60),
});
export const Broken = z.object({ kind: z.literal('broken'), person: z.string(), until: z.string() });

const ReviewBody = z.strictObject({ verdict: z.enum(['justified', 'not_justified']), note: z.string().min(1).max(2_000) });
export const Reviewed = z.object({ kind: z.literal('reviewed'), by: z.string(), at: z.string() });

type Code = Extract<BreakGlassOutcome | ReviewOutcome, { kind: 'refused' }>['code'];

const refusals: Readonly<Record<Code, number>> = {
  unknown_person: 403,
  not_allowed: 403,
  stale: 409,
  settled: 409,
  not_used: 409,
  expired: 410,
  unknown_plan: 404,
};

function unlessRefused<T extends { readonly kind: string }>(
  outcome: T | { readonly kind: 'refused'; readonly code: Code; readonly message: string },
): Exclude<T, { kind: 'refused' }> {
  if (outcome.kind !== 'refused') return outcome as Exclude<T, { kind: 'refused' }>;
  const { code, message } = outcome as { code: Code; message: string };
  throw new Problem(refusals[code], code, message);
}

/** No scopes: who may is for policy to say, which refuses every service token. */
export function breakGlassRoutes(v1: Routes, { store, breakGlass }: ApiOptions): void {
  v1.post(
    '/plans/:id/break-glass',
    {
      config: { scope: 'any' },
      schema: {
        summary:
          'Run a plan without its approvals: takes a sign-in of the last five minutes and a reason; everybody is told; a review follows',
        params: Id,
        body: Body,
        response: { 200: Broken },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { reason, requestHash = null, minutes } = request.body;
      const loginMs = principal.kind === 'person' ? principal.authTimeMs : null;
      const channel = principal.kind === 'person' && principal.page === true ? 'web' : 'api';
      const planId = request.params.id;
      await requireMatch(request, PlanAnswer, async () => planAnswer(await store.plans.get(planId)));
      return unlessRefused(await breakGlass.open({ who: voterOf(principal), loginMs, planId, requestHash, reason, minutes, channel }));
    },
  );
  v1.post(
    '/plans/:id/break-glass/review',
    {
      config: { scope: 'any' },
      schema: { summary: 'Review a use of break-glass, as somebody else', params: Id, body: ReviewBody, response: { 200: Reviewed } },
    },
    async (request) =>
      unlessRefused(await breakGlass.review({ who: voterOf(principalOf(request)), planId: request.params.id, ...request.body })),
  );
  v1.get(
    '/break-glass',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Uses of break-glass that nobody has reviewed, oldest first',
        querystring: z.object({ state: z.literal('unreviewed').default('unreviewed'), cursor: Cursor('break-glass'), limit: Limit }),
        response: { 200: page(BreakGlassUse) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const items = await unreviewedBreakGlass(store.pool, limit, cursor);
      return { items: [...items], next: nextOf('break-glass', items, limit, ({ planId }) => planId) };
    },
  );
}
