import { isUnclear, neverStarted } from '../../tools/certainty.ts';
import type { ToolAnswer } from '../../tools/contract.ts';
import type { StepRun } from '../contracts/activities.ts';
import { violations } from './verify.ts';

/** `absent`: nothing of it happened. What happened in part, or may go on, is `unknown`. */
export type Effect =
  | { readonly kind: 'there'; readonly output: string }
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

type Failure = Extract<ToolAnswer, { status: 'error' }>;

/**
 * What a write that failed has done, by the state that was read afterwards: exit status 1 alone is no proof that nothing was changed.
 * Of a program that waits, or does several things, a part may be there.
 */
export function effectAfter(
  { code, message }: Pick<Failure, 'code' | 'message'>,
  { probe, untouched }: Pick<StepRun, 'probe' | 'untouched'>,
  state: ToolAnswer,
): Effect {
  if (state.status === 'error' || state.observation === null)
    return { kind: 'unknown', reason: `${message}; whether it happened could not be read` };
  if (violations(state, probe).length === 0) return { kind: 'there', output: state.observation };
  if (neverStarted(code)) return { kind: 'absent', reason: message };
  if (code === 'grant_claimed' || (untouched !== undefined && isUnclear(code)))
    return { kind: 'unknown', reason: `${message}; it may still be under way` };
  if (untouched === undefined) return { kind: 'absent', reason: message };
  if (untouched !== null && violations(state, untouched).length === 0) return { kind: 'absent', reason: message };
  return { kind: 'unknown', reason: `${message}; a part of it may have happened` };
}
