import { outcomeWords, planStateWords, tierWords } from '../../../blocks/words.ts';
import type { IncidentState, Outcome } from '../../../workflows/contracts/incident.ts';
import type { Plan, PlanState } from '../../../workflows/contracts/plan.ts';
import type { Html } from '../html.ts';
import { chip, type Tone } from './parts.ts';

export const incidentStateWords: Readonly<Record<IncidentState, string>> = {
  queued: 'Queued',
  investigating: 'Investigating',
  awaiting_approval: 'Waiting for approval',
  executing: 'Running the plan',
  closed: 'Closed',
};

const outcomeTones: Readonly<Record<Outcome, Tone>> = {
  resolved: 'ok',
  healthy: 'ok',
  rolled_back: 'warn',
  failed: 'bad',
  rejected: 'quiet',
  expired: 'quiet',
  cancelled: 'quiet',
  unknown: 'quiet',
};

const planTones: Readonly<Record<PlanState, Tone>> = {
  pending: 'warn',
  approved: 'info',
  executing: 'info',
  done: 'ok',
  rolled_back: 'warn',
  failed: 'bad',
  rejected: 'quiet',
  changes_requested: 'quiet',
  expired: 'quiet',
  superseded: 'quiet',
  cancelled: 'quiet',
  stopped: 'quiet',
};

/** The part before the colon: the rest explains it. */
const brief = (words: string) => words.split(':')[0] ?? words;

export function incidentChip({ state, outcome }: { readonly state: IncidentState; readonly outcome: Outcome | null }): Html {
  if (outcome !== null)
    return chip(
      outcome === 'rejected' || outcome === 'expired' ? `Closed, plan ${outcome}` : brief(outcomeWords[outcome]),
      outcomeTones[outcome],
    );
  return chip(incidentStateWords[state], state === 'awaiting_approval' ? 'warn' : 'info');
}

export const planChip = (state: PlanState): Html => chip(brief(planStateWords[state]), planTones[state]);
export const tierChip = (tier: Plan['tier']): Html => chip(tierWords(tier), tier === 'high' ? 'bad' : tier === 'medium' ? 'warn' : 'quiet');
