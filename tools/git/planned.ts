import { z } from 'zod';
import { contentHash } from '../canonical.ts';
import type { Check, Expectation } from '../contract.ts';
import { argument } from '../grammar.ts';
import type { PlannedStep } from '../operation.ts';
import { type Edit, Edits } from './edit.ts';
import { Branch, Planned } from './grammar.ts';

/** A change of files that becomes a request to merge; the repository is named as its forge does. */
export const Change = Planned.extend({
  base: Branch,
  title: argument(120),
  edits: Edits,
  /** What led to it, for those who review it: a line each. */
  evidence: z.array(argument(500)).max(30).default([]),
});
export type Change = z.infer<typeof Change> & { readonly repository: string };

/** What a change waits for before it counts as done, and how long. */
export const Waits = {
  until: z.enum(['opened', 'checked', 'merged']).default('opened'),
  withinMinutes: z.int().min(1).max(1_440).default(30),
};

/** Whose step it is, and what led to it, are the plan's to say. */
export function planned(input: Record<string, unknown>, { plan, step, evidence }: PlannedStep): Record<string, unknown> {
  return {
    ...input,
    plan,
    step,
    evidence: evidence.flatMap((line) => argument(500).safeParse(line.slice(0, 500)).data ?? []).slice(0, 30),
  };
}

/** Tells a change from others of the same branch. */
export function changeHash({ repository, base, edits, plan, step }: Omit<Change, 'title' | 'evidence'>): string {
  return contentHash({ repository, base, edits, plan, step });
}

const trailer = 'Watchkeeper-Change';

/** What the message of a commit says of its change; null: nothing. */
export function hashIn(message: string): string | null {
  return new RegExp(`^${trailer}: ([0-9a-f]{64})$`, 'm').exec(message)?.[1] ?? null;
}

export function messageOf(change: Change, author: { readonly name: string; readonly email: string }, title = change.title): string {
  const trailers = [`${trailer}: ${changeHash(change)}`, `Watchkeeper-Plan: ${change.plan} ${change.step}`];
  return `${title}\n\n${[...trailers, `Signed-off-by: ${author.name} <${author.email}>`].join('\n')}\n`;
}

function editLine(edit: Edit): string {
  const where =
    edit.kind === 'yaml' ? edit.path.map((part) => (typeof part === 'object' ? `[${part.where}=${part.is}]` : part)).join('.') : '';
  const what = edit.kind === 'helm_value' ? edit.value : edit.kind === 'kustomize_image' ? `${edit.image} ${edit.field}` : where;
  return `${edit.file}: ${what}: ${JSON.stringify(edit.from)} becomes ${JSON.stringify(edit.to)}`;
}

const item = (line: string) => `- ${line}`;

/** Of the request. What comes from elsewhere stands in a block of code: it mentions nobody and links nowhere. */
export function descriptionOf(change: Change, first: string): string {
  const evidence = change.evidence.length === 0 ? [] : ['', 'Evidence:', ...change.evidence.map(item)];
  return [
    `${first} Plan \`${change.plan}\`, step \`${change.step}\`.`,
    '',
    '```text',
    ...change.edits.map((edit) => item(editLine(edit))),
    ...evidence,
    '```',
    '',
  ].join('\n');
}

export function present(change: Omit<Change, 'title' | 'evidence'>): Expectation[] {
  return [
    { pointer: '/present', op: 'eq', value: true },
    { pointer: '/request/change', op: 'eq', value: changeHash(change) },
  ];
}

interface Waiting {
  readonly until: 'opened' | 'checked' | 'merged';
  readonly withinMinutes: number;
  /** Who merges it. */
  readonly by: 'people' | 'rules';
}

const mergedBy = { people: 'People have merged it', rules: 'It is merged, as the rules of its repository allow' } as const;

const closed: Expectation = { pointer: '/standing', op: 'eq', value: 'closed' };

export function untilThen(
  change: Omit<Change, 'title' | 'evidence'> & Waiting,
  state: { readonly operation: string; readonly input: Record<string, unknown> },
  request: string,
): Check[] {
  const { until, withinMinutes, by } = change;
  const opened = { title: `The ${request} is there`, ...state, expect: present(change), withinSeconds: 60, stableSeconds: 0 };
  if (until === 'opened') return [opened];
  const [title, claim]: [string, Expectation] =
    until === 'checked'
      ? ['Its checks have passed', { pointer: '/request/green', op: 'eq', value: true }]
      : [mergedBy[by], { pointer: '/waitingFor', op: 'eq', value: null }];
  // A check may be announced a moment after the request.
  const stableSeconds = until === 'checked' ? 20 : 0;
  const waits = { withinSeconds: withinMinutes * 60, stableSeconds, afterOthers: true, decidedAgainst: [closed] };
  // It may be closed before anybody has seen it open.
  return [
    { ...opened, expect: [{ ...closed, op: 'ne' }, ...opened.expect], decidedAgainst: [closed] },
    { title, ...state, expect: [...present(change), claim], ...waits },
  ];
}
