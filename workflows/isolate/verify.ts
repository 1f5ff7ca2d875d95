import { sleep } from '@temporalio/workflow';
import type { Check, Expectation, ToolAnswer } from '../../tools/contract.ts';
import { explain, holds } from '../../tools/expect.ts';
import { readAt } from './call.ts';

export type CheckResult =
  | { readonly kind: 'held'; readonly observation: string }
  | { readonly kind: 'failed'; readonly observation: string | null; readonly reason: string };

/** What of the expectations does not hold of an answer, in words; empty when all hold. Unknown counts as not holding. */
export function violations(answer: ToolAnswer, expect: readonly Expectation[]): string[] {
  if (answer.status === 'error') return [`could not be read: ${answer.message}`];
  if (answer.output === undefined) return ['the output is too large to be checked'];
  return expect.filter((expectation) => !holds(expectation, answer.output)).map((expectation) => explain(expectation, answer.output));
}

const pauses = [250, 500, 1_000, 2_000, 5_000];

/** From the fortieth look on, about three minutes later: what waits for people is not asked for every few seconds. */
const longPause = 15_000;

/**
 * Polls a check until it has held for `stableSeconds` without a break, at most `withinSeconds`.
 * Exit status 0 of the write counts for nothing here.
 */
export async function verify(incidentId: string, site: string, check: Check): Promise<CheckResult> {
  const until = Date.now() + check.withinSeconds * 1_000;
  let heldSince: number | null = null;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await readAt({ incidentId, site, operation: check.operation, input: check.input });
    const wrong = violations(answer, check.expect);
    if (wrong.length === 0) heldSince ??= Date.now();
    else heldSince = null;
    if (heldSince !== null && Date.now() - heldSince >= check.stableSeconds * 1_000 && answer.observation !== null) {
      return { kind: 'held', observation: answer.observation };
    }
    if (heldSince === null && Date.now() >= until)
      return { kind: 'failed', observation: answer.observation, reason: `${check.title}: ${wrong.join('; ')}` };
    // Past its end a check may still finish a stable stretch that began in time.
    await sleep(attempt >= 40 && check.withinSeconds > 600 ? longPause : (pauses[Math.min(attempt, pauses.length - 1)] ?? 5_000));
  }
}

/** All checks, side by side; the last observation stands for the whole. */
export async function verifyAll(incidentId: string, site: string, checks: readonly Check[]): Promise<CheckResult> {
  const results = await Promise.all(checks.map((check) => verify(incidentId, site, check)));
  return (
    results.find((result) => result.kind === 'failed') ??
    results.at(-1) ?? { kind: 'failed', observation: null, reason: 'nothing was checked' }
  );
}
