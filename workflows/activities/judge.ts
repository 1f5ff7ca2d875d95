import { type Judged, judge } from '../../policy/judged.ts';
import type { Incident } from '../contracts/incident.ts';
import type { Step } from '../contracts/plan.ts';
import type { StoredPlan } from '../ports.ts';
import { requestHash } from '../request-hash.ts';
import { calendarFor } from './calendar.ts';
import type { Deps } from './deps.ts';
import { type Standings, standingsOf } from './standings.ts';
import { targetOf } from './target.ts';

function stepFacts(deps: Deps, step: Step) {
  return {
    ...targetOf(deps.estate, step.site, step.input),
    id: step.id,
    operation: step.operation,
    known: deps.registry.get(step.operation) !== undefined,
    tier: step.tier,
    impact: step.impact,
    hasDryRun: step.dryRun.kind === 'shown',
    reversible: step.rollback.kind === 'operation',
    ownership: step.ownership ?? { kind: 'unknown' as const, by: null },
  };
}

async function common(deps: Deps) {
  const { rules, budgets } = deps.autonomy;
  const now = deps.now();
  return {
    nowMs: now.getTime(),
    autonomy: { rules: [...rules] },
    budgets,
    usage: { writesLastHour: await deps.plans.writesLastHour() },
    ...calendarFor(deps.autonomy, now),
  };
}

/** May this plan be proposed, and whose approval does it need? */
export async function judgePlan(deps: Deps, incident: Incident, steps: readonly Step[]): Promise<Judged> {
  return judge(deps.policy, {
    question: 'plan',
    ...(await common(deps)),
    requester: incident.requester,
    requesters: incident.coRequesters ?? [],
    breakGlassSettings: deps.autonomy.breakGlass,
    steps: steps.map((step) => stepFacts(deps, step)),
  });
}

/** An approval must be fresh when the change starts; one that has done a step is not cut off in its middle. */
function deadlineOf(deps: Deps, stored: StoredPlan): number {
  const expires = Date.parse(stored.plan.expiresAt);
  return stored.steps.some(({ state }) => state === 'done') ? Math.max(expires, deps.now().getTime() + 1) : expires;
}

function glassOf({ breakGlass }: StoredPlan, standings: Standings) {
  if (breakGlass === null) return null;
  const { person, at, until } = breakGlass;
  const roles = [...(standings.of(person)?.roles ?? [])];
  return { person, roles, atMs: Date.parse(at), untilMs: Date.parse(until) };
}

/** May this step run now, under the current policy and with the votes as they are now? */
export async function judgeStep(
  deps: Deps,
  incident: Incident,
  stored: StoredPlan,
  step: Step,
): Promise<Judged & Pick<Standings, 'excluded'>> {
  const votes = stored.votes.filter((vote) => vote.requestHash === stored.requestHash);
  const standings = await standingsOf(deps, stored);
  const judged = judge(deps.policy, {
    question: 'execute',
    ...(await common(deps)),
    requester: incident.requester,
    requesters: incident.coRequesters ?? [],
    steps: [stepFacts(deps, step)],
    votes: votes.map(({ person, verdict }) => {
      const { roles = [], groups = [] } = standings.of(person) ?? {};
      return { person, roles: [...roles], groups: [...groups], verdict };
    }),
    // The need of the whole plan: that of its riskiest step.
    approved: stored.plan.approval,
    approvedBundle: stored.plan.policyBundle,
    requestHashMatches: requestHash(stored.plan) === stored.requestHash,
    expiresMs: deadlineOf(deps, stored),
    breakGlass: glassOf(stored, standings),
    breakGlassSettings: deps.autonomy.breakGlass,
  });
  return { ...judged, excluded: standings.excluded };
}
