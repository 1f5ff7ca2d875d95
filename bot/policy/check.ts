import type { PolicyBundle } from '../../policy/decide.ts';
import { readDecisionTable } from '../../policy/table.ts';
import { openEvaluator } from './evaluator.ts';
import { askAll, type CheckLimits, checkLimits } from './questions.ts';
import { BundleRefused } from './refused.ts';
import { brokenPromises, safetyTable } from './safety.ts';

/** At most so many of the names of what does not hold are told. */
const mostNames = 5;

function refuseIf(problems: readonly string[], what: string): void {
  const rest = problems.length > mostNames ? ` and ${problems.length - mostNames} more` : '';
  if (problems.length > 0) throw new BundleRefused(`${what}: ${problems.slice(0, mostNames).join('; ')}${rest}`);
}

/**
 * What a bundle has to show before it may decide: it loads, calls nothing that is not there, has the entry point, answers every
 * question of the decision table and of the safety table in time and in the known form, and keeps every promise of the latter. What it
 * answers to the former is its own affair. Throws BundleRefused that names what does not hold. Answers the bundle's hash.
 */
export async function checkBundle(bundle: PolicyBundle, limits: CheckLimits = checkLimits): Promise<string> {
  const evaluator = await openEvaluator(bundle, limits.totalMs);
  try {
    const table = readDecisionTable();
    const evaluations = await askAll(evaluator, [...table, ...safetyTable], limits);
    const silent = table.flatMap(({ name }, index) => {
      const evaluation = evaluations[index];
      return evaluation?.kind === 'decided' ? [] : [`"${name}": ${evaluation?.reason ?? 'no answer'}`];
    });
    refuseIf(silent, 'it gives no decision that counts');
    refuseIf(brokenPromises(evaluations.slice(table.length)), 'it breaks what every policy has to keep');
    return evaluator.bundle;
  } finally {
    await evaluator.close();
  }
}
