import type { Evaluation } from '../../policy/decide.ts';
import type { Evaluator } from './evaluator.ts';
import { BundleRefused } from './refused.ts';
import { threadedLimits } from './threaded.ts';

export interface CheckLimits {
  /** Milliseconds for loading, and for all questions together, each. */
  readonly totalMs: number;
  /** Milliseconds for one question. */
  readonly questionMs: number;
}

/** One question may take as long as it may when it counts. */
export const checkLimits: CheckLimits = { totalMs: 20_000, questionMs: threadedLimits.questionMs };

export interface NamedQuestion {
  readonly name: string;
  readonly input: unknown;
}

/** In the order of the questions; each by itself, so that the one that takes too long is known. Throws BundleRefused that names it. */
export async function askAll(
  evaluator: Evaluator,
  questions: readonly NamedQuestion[],
  { totalMs, questionMs }: CheckLimits,
): Promise<readonly Evaluation[]> {
  const end = performance.now() + totalMs;
  const evaluations: Evaluation[] = [];
  for (const { name, input } of questions) {
    const left = end - performance.now();
    if (left <= 0) throw new BundleRefused(`it takes longer than ${totalMs} ms for ${questions.length} questions`, undefined, true);
    try {
      evaluations.push(...(await evaluator.evaluate([input], Math.min(left, questionMs))));
    } catch (error) {
      throw error instanceof BundleRefused ? new BundleRefused(`${error.message} at the question "${name}"`, error, error.passing) : error;
    }
  }
  return evaluations;
}
