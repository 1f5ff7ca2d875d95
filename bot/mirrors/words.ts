import type { OutboxRow } from './ports.ts';

/** What a decision says to people: a sentence, and fields below it. Values are redacted and not escaped: each sink escapes in its own way. */
export interface Words {
  readonly headline: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

const headlines: Readonly<Record<string, string>> = {
  'incident.opened': 'Incident opened',
  'incident.investigating': 'Investigation started',
  'incident.awaiting_approval': 'Waiting for approval',
  'incident.executing': 'Executing the approved plan',
  'incident.closed': 'Incident closed',
  'incident.reopened': 'Incident reopened',
  'incident.thread_set': 'Discussed in Slack',
  'finding.saved': 'Finding',
  'plan.proposed': 'Plan proposed',
  'plan.requested': 'Approval requested',
  'plan.approved': 'Plan approved',
  'plan.rejected': 'Plan rejected',
  'plan.expired': 'Approval request expired',
  'plan.superseded': 'Plan superseded by a newer one',
  'plan.cancelled': 'Plan cancelled',
  'plan.changes_requested': 'Changes requested',
  'plan.executing': 'Plan is being executed',
  'plan.done': 'Plan executed and verified',
  'plan.failed': 'Plan failed',
  'plan.rolled_back': 'Plan rolled back',
  'vote.recorded': 'Vote recorded',
  'vote.refused': 'Vote refused',
  'step.granted': 'Step permitted',
  'step.running': 'Step started',
  'step.done': 'Step done and verified',
  'step.failed': 'Step failed',
  'step.rolled_back': 'Step rolled back',
  'step.rollback_failed': 'Rollback of the step failed',
  'step.not_reversible': 'Step cannot be rolled back',
  'step.skipped': 'Step skipped',
  'policy.denied': 'Policy denied the change',
};

/** In this order; what a decision lacks is left out. */
const shown: readonly (readonly [string, string])[] = [
  ['title', 'Title'],
  ['outcome', 'Outcome'],
  ['summary', 'Summary'],
  ['goal', 'Goal'],
  ['verdict', 'Verdict'],
  ['person', 'Person'],
  ['channel', 'By way of'],
  ['operation', 'Operation'],
  ['step', 'Step'],
  ['tier', 'Risk tier'],
  ['needed', 'Approvals needed'],
  ['reason', 'Reason'],
  ['reasons', 'Reasons'],
  ['message', 'Message'],
  ['code', 'Code'],
  ['service', 'Service'],
  ['site', 'Site'],
  ['confidence', 'Confidence'],
  ['expiresAt', 'Expires'],
  ['requestHash', 'Request hash'],
];

function words(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value))
    return (
      value
        .map(words)
        .filter((one) => one !== null)
        .join('; ') || null
    );
  return null;
}

/** The sentence with which a decision of that kind begins. */
export function headlineOf(kind: string): string {
  const known = headlines[kind];
  if (known !== undefined) return known;
  const text = kind.replaceAll(/[._]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Works on any body: unknown kinds and missing fields cost words, never a failure. Values are redacted here, before a sink's escaping could hide a secret from the rules. */
export function wordsOf(row: Pick<OutboxRow, 'kind' | 'body'>, redact: (text: string) => string): Words {
  const { data, planId, actor } = row.body;
  const fields = shown.flatMap(([key, name]) => {
    const value = words(data[key]);
    return value === null ? [] : [{ name, value }];
  });
  const by = actor.kind === 'person' && !('person' in data) ? [{ name: 'By', value: actor.id }] : [];
  const plan = planId === null ? [] : [{ name: 'Plan', value: planId }];
  return { headline: headlineOf(row.kind), fields: [...fields, ...by, ...plan].map(({ name, value }) => ({ name, value: redact(value) })) };
}

/** Steps of the way that a person reading the issue or the page would not miss. */
const quiet: ReadonlySet<string> = new Set([
  'incident.queued',
  'incident.thread_set',
  'plan.executing',
  'incident.executing',
  'incident.awaiting_approval',
  'step.running',
  'step.pending',
]);

export function isSpoken(kind: string): boolean {
  return !quiet.has(kind);
}
