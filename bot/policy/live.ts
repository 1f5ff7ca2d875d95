import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { bundleHash, loadPolicy, type Policy, type PolicyBundle } from '../../policy/decide.ts';
import { checkBundle } from './check.ts';
import { readBundleDirectory } from './directory.ts';
import { BundleRefused } from './refused.ts';
import { watchDirectory } from './watch.ts';

export interface PolicyStatus {
  /** Hash of the bundle that decides. */
  readonly bundle: string;
  /** `built in`, or the operator's directory. */
  readonly source: string;
  readonly loadedAt: string;
  /** Why what is in the directory now does not decide; null: it does. */
  readonly lastError: { readonly at: string; readonly reason: string } | null;
}

/** The policy that decides, replaced as a whole while the program runs. `bundle` is that of the decisions made in the same turn. */
export interface LivePolicy extends Policy {
  status(): PolicyStatus;
  stop(): Promise<void>;
}

export interface LivePolicyOptions {
  /** Holds an operator's compiled bundle (policy.wasm, data.json); undefined: the built-in policy decides. */
  readonly directory?: string | undefined;
  readonly committed: Policy;
  readonly log: Logger;
  /** How often the directory is looked at when no event comes; 10 seconds when absent. */
  readonly pollMs?: number;
  readonly now?: () => Date;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function load(bundle: PolicyBundle): Promise<Policy> {
  await checkBundle(bundle);
  return loadPolicy(bundle);
}

interface State {
  policy: Policy;
  status: PolicyStatus;
  /** Hash, or reason, of what was refused last: it is not checked, and not told, again and again. */
  refused: string | null;
}

async function firstState({ directory, committed, now = () => new Date() }: LivePolicyOptions): Promise<State> {
  const policy = directory === undefined ? committed : await load(await readBundleDirectory(directory));
  const status = { bundle: policy.bundle, source: directory ?? 'built in', loadedAt: now().toISOString(), lastError: null };
  return { policy, status, refused: null };
}

async function replace(state: State, bundle: PolicyBundle, now: Date, log: Logger): Promise<void> {
  const policy = await load(bundle);
  // In a turn of its own: whoever decides and then reads `bundle` without waiting in between gets both of the same policy.
  await setImmediate();
  const from = state.policy.bundle;
  state.policy = policy;
  state.status = { ...state.status, bundle: policy.bundle, loadedAt: now.toISOString(), lastError: null };
  state.refused = null;
  log.info({ from, to: policy.bundle }, 'the policy bundle was replaced');
}

function refuse(state: State, key: string, error: unknown, now: Date, log: Logger): void {
  const reason = wordsOf(error);
  if (state.refused !== key) log.warn({ reason, running: state.policy.bundle }, 'a policy bundle was refused: the running one stays');
  state.refused = key;
  state.status = { ...state.status, lastError: { at: now.toISOString(), reason } };
}

/** One look at the directory. Never rejects: what is wrong there leaves the running policy as it is. */
async function look(state: State, directory: string, now: () => Date, log: Logger): Promise<void> {
  let key = '';
  try {
    const bundle = await readBundleDirectory(directory);
    key = bundleHash(bundle);
    if (key === state.refused) return;
    if (key !== state.policy.bundle) return await replace(state, bundle, now(), log);
    state.refused = null;
    state.status = { ...state.status, lastError: null };
  } catch (error) {
    refuse(state, key || wordsOf(error), error, now(), log);
  }
}

/**
 * Loads the operator's bundle, or takes the built-in one, and follows the directory. Throws BundleRefused when the first bundle may
 * not decide: the built-in policy could be laxer than what the operator meant, so it does not stand in.
 */
export async function createLivePolicy(options: LivePolicyOptions): Promise<LivePolicy> {
  const { directory, log, pollMs = 10_000, now = () => new Date() } = options;
  const state = await firstState(options).catch((error: unknown) => {
    throw new BundleRefused(`the policy in ${directory ?? 'the program'} may not decide: ${wordsOf(error)}`, error);
  });
  const watching =
    directory === undefined ? null : watchDirectory({ directory, look: () => look(state, directory, now, log), pollMs, log });
  return {
    decide: (input) => state.policy.decide(input),
    get bundle() {
      return state.policy.bundle;
    },
    status: () => state.status,
    stop: async () => watching?.stop(),
  };
}
