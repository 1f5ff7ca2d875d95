import { createLinearIssues } from '../approvals/linear-issue.ts';
import { createLinearLabels, type LinearLabels } from '../approvals/linear-labels.ts';
import type { Core } from '../core.ts';
import { createLinearClient } from '../mirrors/linear/client.ts';
import type { LinearPlace } from './mirror.ts';

export interface LinearInbound extends LinearPlace {
  /** Null: no webhooks are taken, and labels are looked for once a minute only. */
  readonly webhookSecret: string | null;
}

/** Votes by label, on the one vote path. */
export function linearLabelsOn({ store, votes, directory, redactor, log }: Core, place: LinearPlace): LinearLabels {
  const issues = createLinearIssues(place);
  return createLinearLabels({ store, votes, directory, issues, linear: createLinearClient(place), redact: redactor, log });
}
