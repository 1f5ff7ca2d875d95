import type { Plan, Step } from '../workflows/contracts/plan.ts';
import { commandText } from './command.ts';
import { type Excerpt, excerpt, type Room } from './excerpt.ts';
import { shortId } from './links.ts';
import { labelled, line, preformatted, reference, richText, words } from './rich-text.ts';
import type { ShownFile } from './shown-plan.ts';
import type { Block, RichTextPart } from './slack.ts';
import { first } from './truncate.ts';
import { count, impactWords, tierWords } from './words.ts';

/** What a command line (in characters) and a dry run may take before they are cut with a note. */
export interface StepBudget {
  readonly command: number;
  readonly diff: Room;
}

/** A step, and what is known of it besides. */
export interface ShownStep {
  readonly step: Step;
  readonly index: number;
  /** Policy's reasons for the whole plan. */
  readonly reasons: Plan['reasons'];
  /** The whole diff, where it is a file. */
  readonly file: ShownFile | null;
  /** Where else the whole diff is, in words. */
  readonly elsewhere: string;
}

/** Whose step it is and what led to it stands elsewhere on the card. */
const ofThePlan: ReadonlySet<string> = new Set(['plan', 'step', 'evidence']);

/** Changes of files, each with its file and both values: the diff has the rest. */
function editWords(value: unknown): string | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const edits = value.map((edit: unknown) => (typeof edit === 'object' && edit !== null ? (edit as Record<string, unknown>) : {}));
  if (!edits.every((edit) => 'file' in edit && 'from' in edit && 'to' in edit)) return null;
  return edits.map(({ file, from, to }) => `${String(file)}: ${String(from ?? 'nothing')} becomes ${String(to ?? 'nothing')}`).join('; ');
}

function target(step: Step): string {
  const words = (value: unknown) => editWords(value) ?? (typeof value === 'string' ? value : JSON.stringify(value));
  const named = Object.entries(step.input).filter(([name]) => !ofThePlan.has(name));
  const plain = named.toSorted(([, a], [, b]) => Number(typeof a === 'object') - Number(typeof b === 'object'));
  return [`site ${step.site}`, ...plain.map(([name, value]) => `${name}=${words(value)}`)].join(', ');
}

function targetPart(step: Step): RichTextPart {
  const impact = step.impact === null ? [] : [words(` · ${impactWords(step.impact)}`, 100)];
  return line(words('Target: ', 100, { bold: true }), words(target(step), 400), ...impact);
}

/** What the lack of a dry run costs, in policy's own words (policy/tiers.rego); nothing where its bundle does not say so. */
function cost({ step, reasons }: ShownStep): string {
  const own = reasons.filter((reason) => reason.startsWith(`${step.id} counts as `));
  const tier = own.map((reason) => /counts as (low|medium|high): it has no dry run/.exec(reason)?.[1]).find((found) => found !== undefined);
  return tier === undefined ? '' : ` Counts as ${tier}.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

/** Outside of the code block: nobody takes it for a line of the diff. */
function moreNote(cut: Excerpt, { file, elsewhere }: ShownStep): RichTextPart {
  const rest = cut.rest === 0 ? 'The line goes on' : `${count(cut.rest, 'more line')} not shown here`;
  if (file === null) return line(words(`… ${rest}. ${elsewhere}`, 200, { italic: true }));
  return line(
    words(`… ${rest}. The whole diff is `, 200, { italic: true }),
    reference(file.url, file.name, 100),
    words(' in the thread.', 50),
  );
}

function dryRunParts(shown: ShownStep, budget: StepBudget): RichTextPart[] {
  const { dryRun } = shown.step;
  if (dryRun.kind === 'none') return [labelled('No dry run', `${sentence(dryRun.reason)}${cost(shown)}`, 300)];
  const cut = excerpt(dryRun.diff, budget.diff);
  return [
    labelled('Dry run', `digest ${shortId(dryRun.digest)}`, 100),
    preformatted(cut.text, cut.text.length),
    ...(cut.whole ? [] : [moreNote(cut, shown)]),
  ];
}

function verificationWords(step: Step): string {
  const checks = first(step.verification, 4, (check) => {
    const stable = check.stableSeconds > 0 ? `, stable for ${check.stableSeconds} s` : '';
    const within = check.withinSeconds >= 600 ? `${Math.round(check.withinSeconds / 60)} min` : `${check.withinSeconds} s`;
    return `${check.title} (within ${within}${stable})`;
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
export function planStep(shown: ShownStep, budget: StepBudget): Block {
  const { step, index } = shown;
  const title = `${index + 1}. ${step.operation}`;
  return richText([
    line(words(title, 200, { bold: true }), words(` · ${tierWords(step.tier)}`, 50)),
    targetPart(step),
    preformatted(commandText(step.via), budget.command),
    ...dryRunParts(shown, budget),
    labelled('Verification', verificationWords(step), 500),
    ...rollbackParts(step.rollback, budget),
  ]);
}
