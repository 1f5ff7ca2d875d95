import type { ToolAnswer } from '../../tools/contract.ts';
import type { Authorization, AuthorizeRequest, StepRun } from '../contracts/activities.ts';
import { carrierFault, readAt } from './call.ts';
import { type Effect, effectAfter } from './effect.ts';
import { worker, writer } from './proxies.ts';

export interface ChangeArgs {
  readonly incidentId: string;
  readonly planId: string;
}

export type Granted = Extract<Authorization, { kind: 'granted' }>;

function stateOf({ incidentId }: ChangeArgs, { site, state }: StepRun): Promise<ToolAnswer> {
  return readAt({ incidentId, site, ...state });
}

/**
 * Asks the system whether the effect is there after an answer was lost, which is never taken for a failure, nor for a success. A grant that
 * can still be used up was used by nobody, so nothing runs any more. One that a runner claimed may belong to a program that is still at work.
 */
async function settleLost(args: ChangeArgs, step: StepRun, granted: Granted, message: string): Promise<Effect> {
  const unused = await worker.burnGrant(granted.grantId);
  return effectAfter({ code: unused ? 'grant_invalid' : 'grant_claimed', message }, step, await stateOf(args, step));
}

/** Runs a granted write, once. */
export async function perform(
  args: ChangeArgs,
  step: StepRun,
  granted: Granted,
  direction: AuthorizeRequest['direction'],
): Promise<Effect> {
  let answer: ToolAnswer;
  try {
    answer = await writer(step.site).callTool(granted.call);
  } catch (error) {
    const why = carrierFault(error, step.site);
    return direction === 'forward' ? await settleLost(args, step, granted, why) : { kind: 'unknown', reason: why };
  }
  if (answer.status === 'ok') return { kind: 'there', output: answer.observation };
  return direction === 'forward' ? effectAfter(answer, step, await stateOf(args, step)) : { kind: 'unknown', reason: answer.message };
}
