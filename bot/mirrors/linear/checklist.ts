import type { PlanState, StepState } from '../../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../../workflows/ports.ts';
import { inert } from '../markdown.ts';

const planWords: Readonly<Record<PlanState, string>> = {
  pending: 'waits for approval',
  approved: 'approved',
  rejected: 'rejected',
  changes_requested: 'changes requested',
  expired: 'expired',
  superseded: 'superseded by a newer plan',
  cancelled: 'cancelled',
  executing: 'is being executed',
  done: 'executed and verified',
  rolled_back: 'rolled back',
  stopped: 'stopped before anything was changed',
  failed: 'failed',
};

const stepWords: Readonly<Record<StepState, string>> = {
  pending: '',
  running: 'is being executed',
  done: 'done and verified',
  failed: 'failed',
  rolled_back: 'rolled back, and that is verified',
  rollback_failed: 'its rollback failed: somebody must look at it',
  not_reversible: 'cannot be undone',
  skipped: 'skipped',
};

/** A plan as a checklist in Markdown, as it stands now: a step is ticked when it is done and verified. */
export function checklist({ plan, state, steps }: StoredPlan, redact: (text: string) => string): string {
  const states = new Map(steps.map((step) => [step.stepId, step.state]));
  const items = plan.steps.map((step, index) => {
    const stepState = states.get(step.id) ?? 'pending';
    const words = stepWords[stepState] === '' ? '' : ` (${stepWords[stepState]})`;
    return `- [${stepState === 'done' ? 'x' : ' '}] Step ${index + 1}: ${inert(redact(step.summary))}${words}`;
  });
  return [`**Checklist** of plan ${inert(plan.id)}: ${planWords[state]}`, '', ...items].join('\n');
}
