import type { Incident } from '../contracts/incident.ts';
import type { ModelText } from '../model.ts';
import type { StoredPlan } from '../ports.ts';

/** What is cited of what people and policy decided. */
export const recordId = 'record';

const words = (state: string) => state.replaceAll('_', ' ');

function planLines({ plan, state, votes, breakGlass, steps }: StoredPlan): readonly string[] {
  const stateOf = (stepId: string) => steps.find((step) => step.stepId === stepId);
  return [
    `Plan of ${plan.createdAt}: ${plan.goal}; it is ${words(state)}.`,
    ...votes.map(({ person, verdict, createdAt }) => `${createdAt} ${person}: ${words(verdict)}`),
    ...(breakGlass === null ? [] : [`${breakGlass.at} ${breakGlass.person} ran it by break-glass.`]),
    ...plan.steps.map(({ id, summary, site }) => {
      const step = stateOf(id);
      const reason = step?.reason ? `: ${step.reason}` : '';
      return `Step at ${site}: ${summary}; ${words(step?.state ?? 'pending')}${reason}`;
    }),
  ];
}

/** When the incident began and ended, and what was decided about it, for a model: none of that is in the evidence. */
export function recordText(incident: Incident, plans: readonly StoredPlan[]): ModelText {
  const { createdAt, closedAt, state, outcome, service, requester } = incident;
  const lines = [
    `Opened ${createdAt}${requester === null ? '' : ` by ${requester}`}${service === null ? '' : ` about ${service}`}.`,
    closedAt === null ? `It is ${words(state)}.` : `Closed ${closedAt}: ${words(outcome ?? 'unknown')}.`,
    ...plans.flatMap(planLines),
  ];
  return { id: recordId, dataClass: 'finding', label: 'record of decisions', text: lines.join('\n'), rank: 950 };
}
