import type { Kind } from '../kinds.ts';
import type { OutboxRow } from '../ports.ts';

/** Names are part of the public contract. */
export const assistantLabels = [
  'assistant:approval-pending',
  'assistant:approved',
  'assistant:rejected',
  'assistant:executing',
  'assistant:done',
  'assistant:rolled-back',
] as const;
export type AssistantLabel = (typeof assistantLabels)[number];

const byKind: Readonly<Partial<Record<Kind, AssistantLabel | null>>> = {
  'plan.proposed': 'assistant:approval-pending',
  'incident.awaiting_approval': 'assistant:approval-pending',
  'plan.approved': 'assistant:approved',
  'plan.rejected': 'assistant:rejected',
  'plan.executing': 'assistant:executing',
  'incident.executing': 'assistant:executing',
  'plan.done': 'assistant:done',
  'plan.rolled_back': 'assistant:rolled-back',
  'plan.expired': null,
  'plan.superseded': null,
  'plan.cancelled': null,
  'plan.changes_requested': null,
  'plan.failed': null,
  'plan.stopped': null,
  'incident.reopened': null,
};

const byOutcome: Readonly<Record<string, AssistantLabel>> = {
  resolved: 'assistant:done',
  healthy: 'assistant:done',
  rolled_back: 'assistant:rolled-back',
  rejected: 'assistant:rejected',
};

function labelOf({ kind, body }: Pick<OutboxRow, 'kind' | 'body'>): AssistantLabel | null | undefined {
  if (kind === 'incident.closed') return byOutcome[String(body.data['outcome'])] ?? null;
  return byKind[kind as Kind];
}

/** The one label that the issue shall carry after these decisions; null for none of them; undefined to leave them as they are. */
export function labelAfter(rows: readonly Pick<OutboxRow, 'kind' | 'body'>[]): AssistantLabel | null | undefined {
  return rows.map(labelOf).findLast((label) => label !== undefined);
}
