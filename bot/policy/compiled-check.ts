import { isDeepStrictEqual } from 'node:util';
import type { Evaluation, PolicyBundle } from '../../policy/decide.ts';
import { type DecisionRow, readDecisionTable } from '../../policy/table.ts';
import { type Finding, fine, problem, wordsOf } from '../doctor/finding.ts';
import { openEvaluator } from './evaluator.ts';
import { askAll } from './questions.ts';
import { brokenPromises, safetyTable } from './safety.ts';

export interface PolicyCheck {
  /** Hash of the compiled form; null: there is none. */
  readonly bundle: string | null;
  readonly findings: readonly Finding[];
}

/** Whoever runs this waits for it: longer than the server gives. */
const limits = { totalMs: 20_000, questionMs: 500 };

/** What a row wants, and did not get; null: it holds. */
function difference({ name, want }: DecisionRow, evaluation: Evaluation | undefined): string | null {
  if (evaluation?.kind !== 'decided') return `${name}: ${evaluation?.reason ?? 'no answer'}`;
  // A bundle other than the one that approved adds a reason of its own.
  const own = evaluation.decision.rules.filter((rule) => rule !== 'policy.changed').length;
  const { reasons, rules, ...rest } = evaluation.decision;
  const got: Record<string, unknown> = { ...rest, reasons: reasons.slice(0, own), rules: rules.slice(0, own) };
  const field = Object.keys(want).find((key) => !isDeepStrictEqual(got[key], want[key]));
  return field === undefined ? null : `${name}: ${field} is ${JSON.stringify(got[field])}, and ${JSON.stringify(want[field])} is wanted`;
}

function tableFinding(name: string, rows: number, problems: readonly string[], todo: string): Finding {
  return problems.length === 0 ? fine(name, `${rows} rows`) : problem(name, problems.join('\n'), todo);
}

const ownTable =
  'what your policy decides otherwise on purpose belongs in testdata/decisions.json beside its sources: start from a copy of the built-in one';
const promises = 'these hold for every policy: a server refuses this one until they do';
const loadable = 'correct the sources, and build them with policy/capabilities.json';

/**
 * What a server would look at, and whether it decides as `rows` say (those of the built-in policy when absent): of the compiled form, for
 * it is what decides.
 */
export async function checkCompiled(bundle: PolicyBundle, rows: readonly DecisionRow[] = readDecisionTable()): Promise<PolicyCheck> {
  try {
    const evaluator = await openEvaluator(bundle, limits.totalMs);
    try {
      const answers = await askAll(evaluator, [...rows, ...safetyTable], limits);
      const differences = rows.flatMap((row, index) => difference(row, answers[index]) ?? []);
      return {
        bundle: evaluator.bundle,
        findings: [
          fine('compiled', evaluator.bundle),
          tableFinding('decision table', rows.length, differences, ownTable),
          tableFinding('safety table', safetyTable.length, brokenPromises(answers.slice(rows.length)), promises),
        ],
      };
    } finally {
      await evaluator.close();
    }
  } catch (error) {
    return { bundle: null, findings: [problem('compiled', wordsOf(error), loadable)] };
  }
}
