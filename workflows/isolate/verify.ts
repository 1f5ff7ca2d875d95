import { condition, sleep } from '@temporalio/workflow';
import type { Check, Expectation, ToolAnswer } from '../../tools/contract.ts';
import { explain, holds, isPatient } from '../../tools/expect.ts';
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

/** From half an hour on. */
const longestPause = 60_000;

function pauseOf(attempt: number, { withinSeconds }: Check): number {
  if (withinSeconds > 600 && attempt >= 150) return longestPause;
  if (withinSeconds > 600 && attempt >= 40) return longPause;
  return pauses[Math.min(attempt, pauses.length - 1)] ?? 5_000;
}

/** What ends a change that a person stopped. */
export const cancelled = 'Cancelled by a person';

export type Halted = () => boolean;

const never: Halted = () => false;

function decidedAgainst({ decidedAgainst = [] }: Check, answer: ToolAnswer): boolean {
  return answer.status === 'ok' && decidedAgainst.some((expectation) => holds(expectation, answer.output));
}

/**
 * Polls a check until it has held for `stableSeconds` without a break, at most `withinSeconds`.
 * Exit status 0 of the write counts for nothing here. What waits for people ends when it is stopped.
 */
export async function verify(incidentId: string, site: string, check: Check, halted: Halted = never): Promise<CheckResult> {
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
    if (heldSince === null && (Date.now() >= until || decidedAgainst(check, answer)))
      return { kind: 'failed', observation: answer.observation, reason: `${check.title}: ${wrong.join('; ')}` };
    // Past its end a check may still finish a stable stretch that began in time.
    const pause = pauseOf(attempt, check);
    if (!isPatient(check)) await sleep(pause);
    else if (await condition(halted, pause)) return { kind: 'failed', observation: answer.observation, reason: cancelled };
  }
}

/** Those that are asked side by side, one group after the other. */
function groupsOf(checks: readonly Check[]): readonly (readonly Check[])[] {
  const starts = checks.flatMap(({ afterOthers }, index) => (index === 0 || afterOthers === true ? [index] : []));
  return starts.map((start, index) => checks.slice(start, starts[index + 1]));
}

/** All checks, side by side unless they say otherwise; the last observation stands for the whole. */
export async function verifyAll(incidentId: string, site: string, checks: readonly Check[], halted: Halted = never): Promise<CheckResult> {
  let last: CheckResult = { kind: 'failed', observation: null, reason: 'nothing was checked' };
  for (const group of groupsOf(checks)) {
    const results = await Promise.all(group.map((check) => verify(incidentId, site, check, halted)));
    last = results.find((result) => result.kind === 'failed') ?? results.at(-1) ?? last;
    if (last.kind === 'failed') return last;
  }
  return last;
}
