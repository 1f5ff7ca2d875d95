import type { StepState } from '../../../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../../../workflows/ports.ts';
import { kindRow } from '../../kinds.ts';
import { inert } from '../../markdown.ts';
import type { OutboxRow } from '../../ports.ts';
import { lineOf, wordsOf } from '../../words.ts';
import type { ActivityContent, PlanItem } from './ports.ts';

type Redact = (text: string) => string;

/** How a person who works in Linear decides. */
const howToDecide =
  'Read the whole plan in the comment on this issue. To approve it, set the label `assistant:approved`; to reject it, `assistant:rejected`.';

function sentence(row: OutboxRow, redact: Redact): string {
  const { headline, rest } = lineOf(row, redact);
  return `${inert(headline)}${rest === '' ? '.' : `: ${inert(rest, 1_000)}`}`;
}

function asked(row: OutboxRow, stored: StoredPlan, thread: string | null, redact: Redact): string {
  const steps = stored.plan.steps.map((step, index) => `${index + 1}. ${inert(redact(step.summary))}`);
  const slack = thread === null ? [] : ['', `It can be answered in the [Slack thread](${thread}) as well.`];
  return [sentence(row, redact), '', ...steps, '', howToDecide, ...slack].join('\n');
}

function action(row: OutboxRow, redact: Redact): ActivityContent {
  const { headline } = wordsOf(row, redact);
  const { operation, step, reason } = row.body.data;
  const parameter = inert(redact(`${String(operation ?? '')} (step ${String(step ?? '')})`));
  if (row.kind === 'step.running') return { type: 'action', action: 'Execute', parameter };
  const why = typeof reason === 'string' && reason !== '' ? `: ${inert(redact(reason))}` : '';
  return { type: 'action', action: 'Execute', parameter, result: `${inert(headline)}${why}` };
}

/** What a session shows of a decision; null for nothing. `stored`: the plan that it is about. */
export function activityOf(row: OutboxRow, stored: StoredPlan | null, thread: string | null, redact: Redact): ActivityContent | null {
  const type = kindRow(row.kind)?.agent;
  if (type === undefined) return null;
  if (type === 'action') return action(row, redact);
  if (type === 'elicitation' && stored !== null) return { type, body: asked(row, stored, thread, redact) };
  return { type, body: sentence(row, redact) };
}

const statuses: Readonly<Record<StepState, PlanItem['status']>> = {
  pending: 'pending',
  running: 'inProgress',
  done: 'completed',
  failed: 'canceled',
  rolled_back: 'canceled',
  rollback_failed: 'canceled',
  not_reversible: 'canceled',
  skipped: 'canceled',
};

/** The steps of a plan as they stand. */
export function planItems({ plan, steps }: StoredPlan, redact: Redact): readonly PlanItem[] {
  const states = new Map(steps.map((step) => [step.stepId, step.state]));
  return plan.steps.map((step) => ({ content: inert(redact(step.summary)), status: statuses[states.get(step.id) ?? 'pending'] }));
}
