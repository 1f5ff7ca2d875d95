import { isPatient } from '../../tools/expect.ts';
import type { StepRun } from '../contracts/activities.ts';
import type { ChangeArgs } from './perform.ts';
import { board } from './proxies.ts';

/** Where a step, or its way back, waits for people from now on, they are told what for. */
export async function tellThatItWaits(
  { planId }: ChangeArgs,
  step: StepRun,
  direction: 'forward' | 'rollback',
  output: string | null,
): Promise<void> {
  const checks = (direction === 'forward' ? step.verification : step.rollback?.verification) ?? [];
  if (output !== null && checks.some(isPatient)) await board.tellThatItWaits(planId, { stepId: step.id, direction, output });
}
