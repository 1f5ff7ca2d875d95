import type { Logger } from 'pino';
import type { PolicyDecision, PolicyInput } from '../../policy/contract.ts';
import { bundleHash, decisionOf, type Policy, type PolicyBundle } from '../../policy/decide.ts';
import { type Bridge, openBridge } from './bridge.ts';

/** A policy that is not ours: it decides in a thread of its own, so that the program goes on whatever it does. */
export interface ThreadedPolicy extends Policy {
  close(): Promise<void>;
}

export interface ThreadedLimits {
  /** Milliseconds until the thread has loaded the bundle. */
  readonly loadMs: number;
  /** Milliseconds for one question, those that it waits for the thread included: for so long the event loop stands still. */
  readonly questionMs: number;
  /** Milliseconds in which nothing is asked, after two questions in a row without an answer. */
  readonly pauseMs: number;
}

/** An ordinary question takes less than one of these 500 ms. */
export const threadedLimits: ThreadedLimits = { loadMs: 10_000, questionMs: 500, pauseMs: 1_000 };

const timeoutRule = 'policy.timeout';

function denied(reason: string, rule = timeoutRule): PolicyDecision {
  return decisionOf({ kind: 'failed', rule, reason });
}

/** The thread of now, and how it has done of late. */
interface State {
  bridge: Bridge;
  lateInARow: number;
  /** As `performance.now()`. */
  pausedUntil: number;
  closed: boolean;
}

/** What stands in for an answer that did not come. The thread that has the question is given up: nothing else ends its work. */
function late(state: State, bundle: PolicyBundle, limits: ThreadedLimits, answer: 'starting' | 'late', log: Logger): PolicyDecision {
  state.lateInARow += 1;
  if (state.lateInARow > 1) state.pausedUntil = performance.now() + limits.pauseMs;
  log.warn({ answer, inARow: state.lateInARow, limitMs: limits.questionMs }, 'the policy took too long: the question is denied');
  if (answer === 'starting' && performance.now() - state.bridge.startedAt < limits.loadMs)
    return denied('the policy has been stopped for taking too long, and is starting again');
  void state.bridge.end();
  state.bridge = openBridge(bundle);
  return denied(`the policy took longer than ${limits.questionMs} ms to decide`);
}

function decide(state: State, bundle: PolicyBundle, limits: ThreadedLimits, input: PolicyInput, log: Logger): PolicyDecision {
  if (state.closed) return denied('the policy has been stopped', 'policy.failed');
  if (performance.now() < state.pausedUntil) return denied('the policy took too long several times in a row: it is not asked for a moment');
  if (state.bridge.ended()) state.bridge = openBridge(bundle);
  try {
    const answer = state.bridge.ask(input, limits.questionMs);
    if (typeof answer === 'string') return late(state, bundle, limits, answer, log);
    state.lateInARow = 0;
    return decisionOf(answer);
  } catch {
    return denied('policy was asked a question that cannot be passed on', 'question.malformed');
  }
}

/** Decides as `loadPolicy` does. Throws BundleRefused when the bundle does not load. */
export async function openThreadedPolicy(bundle: PolicyBundle, log: Logger, limits = threadedLimits): Promise<ThreadedPolicy> {
  const bridge = openBridge(bundle);
  await bridge.ready(limits.loadMs);
  const state: State = { bridge, lateInARow: 0, pausedUntil: 0, closed: false };
  return {
    bundle: bundleHash(bundle),
    decide: (input) => decide(state, bundle, limits, input, log),
    async close() {
      state.closed = true;
      await state.bridge.end();
    },
  };
}
