import type { StepRecord } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Source } from './source.ts';

interface Judged {
  readonly worked: readonly string[];
  readonly didNotWork: readonly string[];
}

const because = (reason: string | null) => (reason === null ? '' : `: ${reason}`);

function ofStep({ plan }: StoredPlan, { stepId, state, reason }: StepRecord): Judged {
  const step = plan.steps.find(({ id }) => id === stepId);
  const summary = step?.summary ?? stepId;
  const checks = step?.verification.map(({ title }) => title).join('; ') ?? '';
  if (state === 'done') return { worked: [`${summary} (verified: ${checks})`], didNotWork: [] };
  if (state === 'rolled_back')
    return { worked: [`The rollback of “${summary}” was verified`], didNotWork: [`${summary} did not verify${because(reason)}`] };
  if (state === 'failed') return { worked: [], didNotWork: [`${summary} failed${because(reason)}`] };
  if (state === 'rollback_failed') return { worked: [], didNotWork: [`${summary} could not be undone${because(reason)}`] };
  if (state === 'not_reversible') return { worked: [], didNotWork: [`${summary} failed, and has no way back${because(reason)}`] };
  return { worked: [], didNotWork: [] };
}

const planWords: Readonly<Record<string, string>> = {
  expired: 'nobody decided on it in time',
  stopped: 'it was stopped, because what was approved did not hold any more',
};

function ofPlan(stored: StoredPlan): Judged {
  const steps = stored.steps.map((step) => ofStep(stored, step));
  const words = planWords[stored.state];
  return {
    worked: steps.flatMap(({ worked }) => worked),
    didNotWork: [...steps.flatMap(({ didNotWork }) => didNotWork), ...(words === undefined ? [] : [`“${stored.plan.goal}”: ${words}`])],
  };
}

/** What did what it should, and what did not, as far as it was verified. */
export function judge({ incident, evidence: { plans, findings, observations } }: Source): Judged {
  const judged = plans.map(ofPlan);
  const failedReads = observations.filter(({ status }) => status === 'error').length;
  const reads = failedReads === 0 ? [] : [`${failedReads} of ${observations.length} reads failed`];
  const none = findings.length === 0 && incident.outcome === 'unknown' ? ['No cause was found'] : [];
  return {
    worked: judged.flatMap(({ worked }) => worked),
    didNotWork: [...judged.flatMap(({ didNotWork }) => didNotWork), ...none, ...reads],
  };
}
