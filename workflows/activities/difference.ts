import { createTwoFilesPatch } from 'diff';
import type { Expectation } from '../../tools/contract.ts';
import { explain, sidesOf } from '../../tools/expect.ts';

/** Lines that begin with `-` (approved) and `+` (now), redacted as their sources are; null where there is nothing to set side by side. */
export type Difference = string | null;

/** Characters. It travels through workflow histories, which hold small values only. */
const longest = 1_500;

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}\n[cut: ${text.length} characters in all]`;
}

export function lineDifference(approved: readonly string[], now: readonly string[]): string {
  const lines = [
    ...approved.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !approved.includes(line)).map((line) => `+ ${line}`),
  ];
  return cut(lines.join('\n'));
}

/** How two texts of several lines differ. */
export function patchDifference(approved: string, now: string): string {
  const patch = createTwoFilesPatch('approved', 'now', approved, now, undefined, undefined, { context: 1 });
  return cut(patch.split('\n').slice(1).join('\n'));
}

/** What of the expectations does not hold of a state: in words, and side by side. */
export function stateDifference(
  violated: readonly Expectation[],
  state: unknown,
): { readonly words: string; readonly difference: Difference } {
  const words = violated.map((expectation) => explain(expectation, state)).join('; ');
  return { words, difference: cut(violated.flatMap((expectation) => sides(expectation, state)).join('\n')) };
}

function sides(expectation: Expectation, state: unknown): string[] {
  const { name, actual, expected } = sidesOf(expectation, state);
  return [`- ${name}: ${expected}`, `+ ${name}: ${actual}`];
}
