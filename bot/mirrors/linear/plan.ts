import { commandText } from '../../../blocks/command.ts';
import type { Plan, Step } from '../../../workflows/contracts/plan.ts';
import { inert } from '../markdown.ts';

type Redact = (text: string) => string;

/** Characters of one block of code before it is cut, with a note. */
const blockLimit = 4_000;

/** What could end the block, or make a line look like another one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A block of code that its text cannot end: the fence is longer than any run of backticks in it. */
function fenced(text: string, redact: Redact): string {
  const clean = redact(text).toWellFormed().replaceAll(unseen, '');
  const shown =
    clean.length > blockLimit ? `${clean.slice(0, blockLimit).toWellFormed()}\n[cut: ${clean.length} characters in all]` : clean;
  const longest = Math.max(2, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${shown}\n${fence}`;
}

function stepText(step: Step, index: number, redact: Redact): string {
  const words = (text: string) => inert(redact(text), 1_000);
  const { dryRun, rollback } = step;
  const checks = step.verification.map((check) => `${check.title} (within ${check.withinSeconds} s)`).join('; ');
  return [
    `**Step ${index + 1}**: ${words(step.operation)} at ${words(step.site)}, tier ${words(step.tier)}. ${words(step.summary)}`,
    fenced(commandText(step.via), redact),
    ...(dryRun.kind === 'none' ? [`No dry run: ${words(dryRun.reason)}`] : ['Dry run:', fenced(dryRun.diff, redact)]),
    `Verification: ${words(checks)}`,
    ...(rollback.kind === 'none'
      ? [`No rollback: ${words(rollback.reason)}`]
      : ['Rollback if verification fails:', fenced(commandText(rollback.via), redact)]),
  ].join('\n\n');
}

/** What exactly is up for approval, in Markdown, from the typed plan alone: whoever sets a label has read this. */
export function planText(plan: Plan, redact: Redact): string {
  const steps = plan.steps.map((step, index) => stepText(step, index, redact));
  const how = `To answer here, set the label assistant:approved or assistant:rejected. Policy: ${inert(redact(plan.reasons.join('; ')), 1_000)}`;
  return [...steps, how].join('\n\n');
}
