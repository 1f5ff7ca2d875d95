import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readBundleArchive } from '../../policy/archive.ts';
import type { Evaluation, PolicyBundle } from '../../policy/decide.ts';
import { type DecisionRow, readDecisionTable } from '../../policy/table.ts';
import { openEvaluator } from './evaluator.ts';
import type { Opa } from './opa.ts';
import { brokenPromises, safetyTable } from './safety.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface SourceCheck {
  /** Hash of what the sources compile to; null: they do not. */
  readonly bundle: string | null;
  readonly checks: readonly Check[];
}

/** Milliseconds for all rows of a table. */
const limitMs = 20_000;

async function opaCheck(opa: Opa, name: string, argv: readonly string[], failure: string): Promise<Check> {
  const { ok, words } = await opa.run(argv);
  return { name, ok, detail: ok ? '' : `${failure}${words === '' ? '' : `: ${words}`}` };
}

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

function verdictOn(name: string, rows: number, problems: readonly string[]): Check {
  return { name, ok: problems.length === 0, detail: problems.length === 0 ? `${rows} rows` : problems.join('\n') };
}

/** The directory's own table where it has one: a policy of one's own decides otherwise on purpose. */
function tableOf(directory: string): DecisionRow[] {
  const own = join(directory, 'testdata', 'decisions.json');
  return existsSync(own) ? readDecisionTable(own) : readDecisionTable();
}

async function decisions(bundle: PolicyBundle, rows: readonly DecisionRow[]): Promise<SourceCheck> {
  const evaluator = await openEvaluator(bundle, limitMs);
  try {
    const table = await evaluator.evaluate(
      rows.map(({ input }) => input),
      limitMs,
    );
    const differences = rows.flatMap((row, index) => difference(row, table[index]) ?? []);
    const safety = await evaluator.evaluate(
      safetyTable.map(({ input }) => input),
      limitMs,
    );
    const checks = [
      verdictOn('decision table', rows.length, differences),
      verdictOn('safety table', safetyTable.length, brokenPromises(safety)),
    ];
    return { bundle: evaluator.bundle, checks };
  } finally {
    await evaluator.close();
  }
}

/** Every check, also when one fails; what is decided is asked of the compiled form, as the server does. */
export async function checkSources(opa: Opa): Promise<SourceCheck> {
  const checks = [
    await opaCheck(opa, 'format', ['fmt', '--list', '--fail', '.'], 'opa fmt would change'),
    await opaCheck(opa, 'strict', ['check', '--strict', '.'], 'opa check'),
    await opaCheck(opa, 'tests', ['test', '--timeout', '60s', '.'], 'opa test'),
  ];
  try {
    const { bundle, checks: decided } = await decisions(readBundleArchive(await opa.build()), tableOf(opa.directory));
    return { bundle, checks: [...checks, ...decided] };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { bundle: null, checks: [...checks, { name: 'compiled', ok: false, detail }] };
  }
}
