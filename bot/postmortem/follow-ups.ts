import type { StepRecord } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { FollowUp } from './model.ts';
import type { Source } from './source.ts';

/** More is a list that nobody works off. */
const most = 8;

const undecided: Readonly<Record<string, string>> = {
  rejected: 'the proposed fix was rejected',
  expired: 'nobody decided in time',
  cancelled: 'the incident was cancelled',
  rolled_back: 'the fix did not verify, and was undone',
  failed: 'the change failed',
  unknown: 'no cause with a safe fix was found',
};

function ofCause({ incident, evidence }: Source): FollowUp[] {
  const cause = evidence.findings.toSorted((a, b) => b.confidence - a.confidence)[0];
  if (cause === undefined) return [];
  const why = incident.outcome === null ? undefined : undecided[incident.outcome];
  if (why !== undefined) return [{ key: 'cause', title: `Find and remove the cause: ${cause.title}`, why: `Not resolved: ${why}.` }];
  const revision = cause.facts['revision'];
  if (incident.outcome !== 'resolved' || typeof revision !== 'number') return [];
  const what = `revision ${revision} of ${cause.entity.name}`;
  return [
    { key: 'cause', title: `Repair what is wrong in ${what} before it is rolled out again`, why: `${cause.title}. ${cause.mechanism}` },
  ];
}

function ofStep({ plan }: StoredPlan, { stepId, state, reason }: StepRecord): FollowUp[] {
  if (state !== 'rollback_failed' && state !== 'not_reversible') return [];
  const summary = plan.steps.find(({ id }) => id === stepId)?.summary ?? stepId;
  return [{ key: `step ${plan.id} ${stepId}`, title: `Look at what is left of: ${summary}`, why: reason ?? 'It was not undone.' }];
}

function ofPlan(stored: StoredPlan): FollowUp[] {
  const { plan, breakGlass, steps } = stored;
  const review =
    breakGlass === null
      ? []
      : [{ key: `review ${plan.id}`, title: 'Review the use of break-glass', why: `${breakGlass.person}: ${breakGlass.reason}` }];
  return [...review, ...steps.flatMap((step) => ofStep(stored, step))];
}

/** Reads that failed are what the next investigation lacks, too. */
function ofGaps({ evidence }: Source): FollowUp[] {
  const failed = evidence.observations.filter(({ status }) => status === 'error').map(({ operation, site }) => `${operation} at ${site}`);
  const distinct = [...new Set(failed)];
  if (distinct.length === 0) return [];
  return [{ key: 'gaps', title: 'Close the gaps in the evidence', why: `These reads failed: ${distinct.slice(0, 10).join(', ')}.` }];
}

function ofAlerts({ incident, evidence: { alerts, findings } }: Source): FollowUp[] {
  if (findings.length === 0) return [];
  if (alerts.length === 0)
    return [
      {
        key: 'alert',
        title: `Add an alert that tells of this${incident.service === null ? '' : ` at ${incident.service}`}`,
        why: 'People told of it, and no alert did.',
      },
    ];
  const firing = alerts.filter(({ status }) => status !== 'resolved');
  if (firing.length === 0 || incident.closedAt === null) return [];
  return [
    { key: 'firing', title: 'See to the alerts that did not end with the incident', why: firing.map(({ title }) => title).join('; ') },
  ];
}

/** What the record itself leaves open. */
export function followUpsOf(source: Source): readonly FollowUp[] {
  return [...ofCause(source), ...source.evidence.plans.flatMap(ofPlan), ...ofAlerts(source), ...ofGaps(source)].slice(0, most);
}
