import type { Logger } from 'pino';
import type { PolicyBundle } from '../../policy/decide.ts';
import { wordsOf } from '../doctor/finding.ts';
import { checkBundle } from './check.ts';
import { BundleRefused } from './refused.ts';
import type { BundleSource } from './source.ts';
import { openThreadedPolicy, type ThreadedPolicy } from './threaded.ts';

export interface FirstPolicy {
  readonly policy: ThreadedPolicy;
  /** Set when what is at the source does not decide, but the copy that was kept at that time (RFC 3339). */
  readonly instead: { readonly reason: string; readonly keptAt: string } | null;
}

/** Checked, and ready to decide. Throws BundleRefused. */
export async function loadChecked(bundle: PolicyBundle, log: Logger): Promise<ThreadedPolicy> {
  await checkBundle(bundle);
  return openThreadedPolicy(bundle, log);
}

/** What cannot be kept decides all the same. */
export async function keepGood(source: BundleSource, bundle: PolicyBundle, log: Logger): Promise<void> {
  try {
    await source.keep(bundle);
  } catch (error) {
    log.warn({ err: error }, 'the policy bundle cannot be kept for a start at which its source is away');
  }
}

/** The copy is what would decide now, had the program not been stopped. It is checked as anything else. */
async function keptPolicy(source: BundleSource, why: unknown, log: Logger): Promise<FirstPolicy> {
  const reason = wordsOf(why);
  const also = (error: unknown): never => {
    throw new BundleRefused(`${reason}; ${wordsOf(error)}`, error);
  };
  const kept = await source.kept().catch(also);
  if (kept === null) throw why;
  const policy = await loadChecked(kept.bundle, log).catch((error: unknown) =>
    also(new BundleRefused(`nor may its copy of ${kept.at}: ${wordsOf(error)}`, error)),
  );
  log.warn({ reason, bundle: policy.bundle, keptAt: kept.at }, 'the last good copy of the policy bundle decides');
  return { policy, instead: { reason, keptAt: kept.at } };
}

/** What is at the source, or else the last that was good there. Throws BundleRefused when neither may decide. */
export async function firstPolicy(source: BundleSource, log: Logger): Promise<FirstPolicy> {
  try {
    const bundle = await source.read();
    const policy = await loadChecked(bundle, log);
    await keepGood(source, bundle, log);
    return { policy, instead: null };
  } catch (error) {
    return await keptPolicy(source, error, log);
  }
}
