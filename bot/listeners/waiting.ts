import { mostWaiting, type WaitingPlan } from '../../blocks/waiting-plan.ts';
import { redactData } from '../slack/redact-leaves.ts';
import type { ListenerContext, SlackUser } from './context.ts';

/** The plans that wait for people, with what this member of the workspace may answer. Soonest expiry first. */
export async function waitingFor({ reads, votes, redact }: ListenerContext, who: SlackUser): Promise<readonly WaitingPlan[]> {
  const plans = await reads.pendingPlans();
  return Promise.all(
    plans.map(async (stored, position) => ({
      shown: redactData(stored, redact),
      answers: position < mostWaiting ? await votes.choices({ kind: 'slack', ...who }, stored.plan.id) : [],
    })),
  );
}
