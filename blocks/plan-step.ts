import type { Step } from '../workflows/contracts/plan.ts';
import { shortId } from './links.ts';
import { labelled, line, preformatted, richText, words } from './rich-text.ts';
import { quoteArgv } from './shell.ts';
import type { Block, RichTextPart } from './slack.ts';
import { first } from './truncate.ts';
import { tierWords } from './words.ts';

/** Characters that a command line and a dry run may take before they are cut with a note. */
export interface StepBudget {
  readonly command: number;
  readonly diff: number;
}

function commandText(via: Step['via']): string {
  if (via.kind === 'cli') {
    const stdin = via.stdinSha256 === null ? '' : `\n# standard input: sha256 ${via.stdinSha256}`;
    return `${quoteArgv([via.binary, ...via.argv])}${stdin}`;
  }
  const body = via.bodySha256 === null ? '' : `\n# body: sha256 ${via.bodySha256}`;
  return `${via.method} ${via.url}${body}`;
}

function target(step: Step): string {
  const input = Object.entries(step.input).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [`site ${step.site}`, ...input].join(', ');
}

function dryRunParts(dryRun: Step['dryRun'], budget: StepBudget): RichTextPart[] {
  if (dryRun.kind === 'none') return [labelled('No dry run', dryRun.reason, 300)];
  return [labelled('Dry run', `digest ${shortId(dryRun.digest)}`, 100), preformatted(dryRun.diff, budget.diff)];
}

function verificationWords(step: Step): string {
  const checks = first(step.verification, 4, (check) => {
    const stable = check.stableSeconds > 0 ? `, stable for ${check.stableSeconds} s` : '';
    return `${check.title} (within ${check.withinSeconds} s${stable})`;
  });
  return checks.join('; ');
}

function rollbackParts(rollback: Step['rollback'], budget: StepBudget): RichTextPart[] {
  if (rollback.kind === 'none') return [labelled('No rollback', rollback.reason, 300)];
  return [
    labelled('Rollback if verification fails', rollback.call.operation, 100),
    preformatted(commandText(rollback.via), budget.command),
  ];
}

/** One step as one block, from the typed plan alone. */
export function planStep(step: Step, index: number, budget: StepBudget): Block {
  const title = `${index + 1}. ${step.operation}`;
  return richText([
    line(words(title, 200, { bold: true }), words(` · ${tierWords(step.tier)}`, 50)),
    labelled('Target', target(step), 400),
    preformatted(commandText(step.via), budget.command),
    ...dryRunParts(step.dryRun, budget),
    labelled('Verification', verificationWords(step), 500),
    ...rollbackParts(step.rollback, budget),
  ]);
}
