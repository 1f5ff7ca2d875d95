import type { Authorization, AuthorizeRequest, StepRun } from '../contracts/activities.ts';
import { carrierFault, readAt } from './call.ts';
import { worker, writer } from './proxies.ts';
import { violations } from './verify.ts';

export interface ChangeArgs {
  readonly incidentId: string;
  readonly planId: string;
}

export type Granted = Extract<Authorization, { kind: 'granted' }>;

export type Effect =
  | { readonly kind: 'there'; readonly output: string }
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Asks the system whether the effect is there: a lost answer is never taken for a failure, nor for a success. */
async function probeEffect(args: ChangeArgs, step: StepRun, why: string): Promise<Effect> {
  const state = await readAt({ incidentId: args.incidentId, site: step.site, ...step.state });
  if (state.status === 'error' || state.observation === null)
    return { kind: 'unknown', reason: `${why}; whether it happened could not be read` };
  return violations(state, step.probe).length === 0 ? { kind: 'there', output: state.observation } : { kind: 'absent', reason: why };
}

/**
 * After a lost answer: a grant that can still be used up was used by nobody, so nothing runs any more, and the probe tells the truth.
 * One that a runner claimed may belong to a program that is still at work: not there yet is then unknown, never absent.
 */
async function settleLost(args: ChangeArgs, step: StepRun, granted: Granted, why: string): Promise<Effect> {
  const unused = await worker.burnGrant(granted.grantId);
  const effect = await probeEffect(args, step, why);
  return effect.kind === 'absent' && !unused ? { kind: 'unknown', reason: `${why}; it may still be under way` } : effect;
}

/** Runs a granted write, once. */
export async function perform(
  args: ChangeArgs,
  step: StepRun,
  granted: Granted,
  direction: AuthorizeRequest['direction'],
): Promise<Effect> {
  try {
    const answer = await writer(step.site).callTool(granted.call);
    if (answer.status === 'ok') return { kind: 'there', output: answer.observation };
    return direction === 'forward' ? await probeEffect(args, step, answer.message) : { kind: 'unknown', reason: answer.message };
  } catch (error) {
    const why = carrierFault(error, step.site);
    return direction === 'forward' ? await settleLost(args, step, granted, why) : { kind: 'unknown', reason: why };
  }
}
