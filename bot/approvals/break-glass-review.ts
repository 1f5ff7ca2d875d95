import type { Member } from '../people.ts';
import type { BreakGlassPort, ReviewOutcome, ReviewRequest } from '../ports.ts';
import { breakGlassOf, reviewBreakGlass } from '../store/break-glass.ts';
import { NotFound } from '../store/errors.ts';
import { lockPlan } from '../store/plans.ts';
import { inTransaction } from '../store/pool.ts';
import type { Tx } from '../store/sql.ts';
import type { BreakGlassDeps } from './break-glass.ts';

type Refusal = Extract<ReviewOutcome, { kind: 'refused' }>;

const refused = (code: Refusal['code'], message: string): Refusal => ({ kind: 'refused', code, message });

const stranger = refused('not_allowed', 'I do not know who you are, or you are no person.');

async function reviewIn(tx: Tx, { store, settings }: BreakGlassDeps, request: ReviewRequest, member: Member): Promise<ReviewOutcome> {
  const { plan } = await lockPlan(tx, request.planId);
  const use = await breakGlassOf(tx, plan.id);
  if (use === null) return refused('not_used', 'Nobody broke the glass for this plan.');
  if (use.person === member.id) return refused('not_allowed', 'Somebody else reviews it than who broke the glass.');
  const roles: readonly string[] = settings?.roles ?? ['approver', 'admin'];
  if (!member.roles.some((role) => roles.includes(role))) return refused('not_allowed', `A review takes the role ${roles.join(' or ')}.`);
  const note = store.redact.text(request.note).text.trim();
  const at = store.now().toISOString();
  const first = await reviewBreakGlass(tx, plan.id, { verdict: request.verdict, note, by: member.id, at });
  if (!first) return refused('settled', 'It was reviewed before.');
  await store.record(tx, {
    kind: 'break_glass.reviewed',
    actor: { kind: 'person', id: member.id },
    incidentId: plan.incidentId,
    planId: plan.id,
    ids: { verdict: request.verdict },
    words: { note },
  });
  return { kind: 'reviewed', by: member.id, at };
}

/** The review that is due after each use, by somebody else, once. */
export function createReview(deps: BreakGlassDeps): Pick<BreakGlassPort, 'review'> {
  return {
    async review(request) {
      const member = await deps.directory.of(request.who);
      if (member === null) return stranger;
      try {
        return await inTransaction(deps.pool, (tx) => reviewIn(tx, deps, request, member));
      } catch (error) {
        if (error instanceof NotFound) return refused('unknown_plan', 'There is no such plan.');
        throw error;
      }
    },
  };
}
