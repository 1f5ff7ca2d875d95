import { z } from 'zod';
import { isPatient } from '../../tools/expect.ts';
import type { Waiting } from '../contracts/activities.ts';
import type { Plan } from '../contracts/plan.ts';

const Told = z.object({ message: z.string().max(1_000) });

const timeOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What people are told of a step that waits for them; null: it does not. */
export function waitingWords(plan: Plan, { stepId, direction }: Waiting, output: unknown, now: Date): string | null {
  const step = plan.steps.find(({ id }) => id === stepId);
  if (step === undefined) return null;
  const { rollback } = step;
  const back = direction === 'rollback';
  const checks = back ? (rollback.kind === 'operation' ? rollback.verification : []) : step.verification;
  const check = checks.filter(isPatient).toSorted((a, b) => b.withinSeconds - a.withinSeconds)[0];
  if (check === undefined) return null;
  const told = Told.safeParse(output);
  const done = told.success && told.data.message !== '' ? `: ${told.data.message}` : '';
  const until = timeOf(new Date(now.getTime() + check.withinSeconds * 1_000));
  const otherwise = back
    ? 'If not, a person must look.'
    : rollback.kind === 'operation'
      ? `If not, ${rollback.call.operation} takes it back. Stop the incident to take it back now.`
      : 'If not, it has failed.';
  const operation = back && rollback.kind === 'operation' ? rollback.call.operation : step.operation;
  return `${stepId} (${operation})${done}\nIt waits now, until ${until}, for: ${check.title}. ${otherwise}`;
}
