import type { PlanState, Verdict } from './contracts/plan.ts';

/** What can happen to an approval request. Instants are milliseconds since the epoch. */
export type RequestEvent =
  /** Policy allows the plan without anybody's approval. */
  | { readonly kind: 'automatic' }
  /** An answer was recorded; `quorum`: whether all that are recorded now are what policy demands. */
  | { readonly kind: 'answer'; readonly verdict: Verdict; readonly quorum: boolean }
  /** A person took the responsibility alone, under the rules of break-glass. */
  | { readonly kind: 'break_glass' }
  | { readonly kind: 'expire' }
  /** A newer plan of the same incident takes its place. */
  | { readonly kind: 'supersede' }
  | { readonly kind: 'cancel' }
  /** A part of the program broke before anything ran. */
  | { readonly kind: 'break' }
  /** Execution claims the request. */
  | { readonly kind: 'start' }
  /** Execution is over. `stopped`: what was approved did not hold any more, and nothing was changed. */
  | { readonly kind: 'end'; readonly outcome: 'done' | 'rolled_back' | 'failed' | 'cancelled' | 'stopped' };

/** A request as far as its next state depends on it. */
export interface RequestView {
  readonly state: PlanState;
  readonly expiresMs: number;
}

const answered = { reject: 'rejected', request_changes: 'changes_requested' } as const;

function whilePending(event: RequestEvent, expired: boolean): PlanState | null {
  switch (event.kind) {
    case 'expire':
      return expired ? 'expired' : null;
    case 'supersede':
      return 'superseded';
    case 'cancel':
      return 'cancelled';
    case 'break':
      return 'failed';
    case 'automatic':
    case 'break_glass':
      return expired ? null : 'approved';
    case 'answer':
      if (expired) return null;
      if (event.verdict !== 'approve') return answered[event.verdict];
      return event.quorum ? 'approved' : null;
    default:
      return null;
  }
}

function whileApproved(event: RequestEvent, expired: boolean): PlanState | null {
  switch (event.kind) {
    case 'start':
      // An approval is for now: one that nobody could execute in time is asked for again.
      return expired ? 'expired' : 'executing';
    case 'expire':
      return expired ? 'expired' : null;
    case 'supersede':
      return 'superseded';
    case 'cancel':
      return 'cancelled';
    case 'break':
      return 'failed';
    default:
      return null;
  }
}

/**
 * The state machine of an approval request: the state that follows, or null where the event changes nothing. Every way in (votes,
 * timers, workflows, break-glass) goes through it; migrations/0002_plans.sql and 0008_requests.sql let the database refuse the rest.
 */
export function nextState({ state, expiresMs }: RequestView, event: RequestEvent, nowMs: number): PlanState | null {
  const expired = nowMs >= expiresMs;
  switch (state) {
    case 'pending':
      return whilePending(event, expired);
    case 'approved':
      return whileApproved(event, expired);
    case 'executing':
      return event.kind === 'end' ? event.outcome : null;
    default:
      return null;
  }
}

/** Open requests: everything else is final. */
export function isSettled(state: PlanState): boolean {
  return state !== 'pending' && state !== 'approved' && state !== 'executing';
}
