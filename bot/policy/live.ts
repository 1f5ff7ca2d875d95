import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { bundleHash, type Policy, type PolicyBundle } from '../../policy/decide.ts';
import { wordsOf } from '../doctor/finding.ts';
import { type FirstPolicy, firstPolicy, keepGood, loadChecked } from './first.ts';
import { follow } from './follow.ts';
import { BundleRefused } from './refused.ts';
import type { BundleSource } from './source.ts';
import type { ThreadedPolicy } from './threaded.ts';

export interface PolicyStatus {
  /** Hash of the bundle that decides. */
  readonly bundle: string;
  /** `built in`, or the operator's directory or URL. */
  readonly source: string;
  readonly loadedAt: string;
  /** When the copy was kept that decides since the start, because there was nothing good at the source; null: it is from there. */
  readonly keptAt: string | null;
  /** Why what is at the source now does not decide; null: it does. */
  readonly lastError: { readonly at: string; readonly reason: string } | null;
}

/** The policy that decides, replaced as a whole while the program runs. `bundle` is that of the decisions made in the same turn. */
export interface LivePolicy extends Policy {
  status(): PolicyStatus;
  stop(): Promise<void>;
}

/** Told of what happens, for the metrics. */
export interface PolicyEvents {
  decides(bundle: string): void;
  /** At every look that finds nothing at the source which may decide. */
  refused(): void;
}

export interface LivePolicyOptions {
  /** Where the operator's bundle is; undefined: the built-in policy decides. */
  readonly source?: BundleSource | undefined;
  readonly committed: Policy;
  readonly log: Logger;
  readonly events?: PolicyEvents;
  readonly now?: () => Date;
}

interface State {
  policy: ThreadedPolicy;
  status: PolicyStatus;
  /** What was refused last, and how often: it is not checked again and again. */
  refused: { readonly hash: string; readonly reason: string; readonly times: number } | null;
  /** What was told since all was well: each thing once. */
  readonly told: Set<string>;
}

interface Context {
  readonly state: State;
  readonly source: BundleSource;
  readonly log: Logger;
  readonly events: PolicyEvents;
  readonly now: () => Date;
}

/** What took too long on a busy machine gets so many chances. */
const mostChances = 3;

const noEvents: PolicyEvents = { decides: () => {}, refused: () => {} };

function problem({ state, log, events, now }: Context, reason: string): void {
  if (!state.told.has(reason)) log.warn({ reason, running: state.policy.bundle }, 'a policy bundle was refused: the running one stays');
  state.told.add(reason);
  state.status = { ...state.status, lastError: { at: now().toISOString(), reason } };
  events.refused();
}

function well({ state }: Context): void {
  state.refused = null;
  state.told.clear();
  state.status = { ...state.status, keptAt: null, lastError: null };
}

async function replace({ state, source, log, events, now }: Context, bundle: PolicyBundle): Promise<void> {
  const policy = await loadChecked(bundle, log);
  // In a turn of its own: whoever decides and then reads `bundle` without waiting in between gets both of the same policy.
  await setImmediate();
  const before = state.policy;
  state.policy = policy;
  state.status = { ...state.status, bundle: policy.bundle, loadedAt: now().toISOString() };
  events.decides(policy.bundle);
  log.info({ from: before.bundle, to: policy.bundle }, 'the policy bundle was replaced');
  await before.close();
  await keepGood(source, bundle, log);
}

function noteRefusal(state: State, hash: string, error: unknown): void {
  const before = state.refused?.hash === hash ? state.refused.times : 0;
  const passing = error instanceof BundleRefused && error.passing;
  state.refused = { hash, reason: wordsOf(error), times: passing ? before + 1 : mostChances };
}

/** One look at the source. Never rejects: what is wrong there leaves the running policy as it is. */
async function look(context: Context): Promise<void> {
  const { state, source } = context;
  let hash: string | null = null;
  try {
    const bundle = await source.read();
    hash = bundleHash(bundle);
    if (hash === state.refused?.hash && state.refused.times >= mostChances) return problem(context, state.refused.reason);
    if (hash !== state.policy.bundle) await replace(context, bundle);
    well(context);
  } catch (error) {
    const reason = wordsOf(error);
    if (hash !== null) noteRefusal(state, hash, error);
    problem(context, reason);
  }
}

function builtIn(committed: Policy, now: Date): LivePolicy {
  const status = { bundle: committed.bundle, source: 'built in', loadedAt: now.toISOString(), keptAt: null, lastError: null };
  return { bundle: committed.bundle, decide: (input) => committed.decide(input), status: () => status, stop: async () => {} };
}

function startState(source: BundleSource, { policy, instead }: FirstPolicy, now: Date): State {
  const at = now.toISOString();
  const lastError = instead === null ? null : { at, reason: instead.reason };
  const status = { bundle: policy.bundle, source: source.name, loadedAt: at, keptAt: instead?.keptAt ?? null, lastError };
  // The start has told of it.
  return { policy, status, refused: null, told: new Set(instead === null ? [] : [instead.reason]) };
}

/**
 * Loads the operator's bundle, or takes the built-in one, and follows the source. Throws BundleRefused when there is no bundle that may
 * decide: the built-in policy could be laxer than what the operator meant, so it does not stand in.
 */
export async function createLivePolicy(options: LivePolicyOptions): Promise<LivePolicy> {
  const { source, committed, log, events = noEvents, now = () => new Date() } = options;
  if (source === undefined) {
    events.decides(committed.bundle);
    return builtIn(committed, now());
  }
  const first = await firstPolicy(source, log).catch((error: unknown) => {
    throw new BundleRefused(`the policy in ${source.name} may not decide: ${wordsOf(error)}`, error);
  });
  const state = startState(source, first, now());
  events.decides(state.policy.bundle);
  if (first.instead !== null) events.refused();
  const context: Context = { state, source, log, events, now };
  const unfollow = follow({ look: () => look(context), pollMs: source.pollMs, watch: source.watch });
  return {
    decide: (input) => state.policy.decide(input),
    get bundle() {
      return state.policy.bundle;
    },
    status: () => state.status,
    async stop() {
      await unfollow();
      await state.policy.close();
    },
  };
}
