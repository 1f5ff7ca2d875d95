import type { PolicyBundle } from '../../policy/decide.ts';
import { openEvaluator } from './evaluator.ts';
import { BundleRefused } from './refused.ts';
import { brokenPromises, safetyTable } from './safety.ts';

/** For loading a bundle and for all questions of the safety table, each. */
const limitMs = 5_000;

/**
 * What a bundle has to show before it may decide: it loads, has the entry point, answers in time and in the known form, and keeps
 * every promise of the safety table. Throws BundleRefused that names what does not hold. Answers the bundle's hash.
 */
export async function checkBundle(bundle: PolicyBundle): Promise<string> {
  const evaluator = await openEvaluator(bundle, limitMs);
  try {
    const inputs = safetyTable.map(({ input }) => input);
    const broken = brokenPromises(await evaluator.evaluate(inputs, limitMs));
    if (broken.length > 0) throw new BundleRefused(`it breaks what every policy has to keep: ${broken.slice(0, 5).join('; ')}`);
    return evaluator.bundle;
  } finally {
    await evaluator.close();
  }
}
