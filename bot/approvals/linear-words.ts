import { inert } from '../mirrors/markdown.ts';
import type { LabelActor, VoteLabel } from './linear-issue.ts';

function whose(by: LabelActor | null): string {
  if (by?.kind === 'member') return ` of ${inert(by.name, 80)}`;
  return by?.kind === 'no_member' ? ` of ${by.what}` : '';
}

/** Markdown: the label does not count, and why. `message` is redacted. */
export function refusalComment(label: VoteLabel, by: LabelActor | null, message: string): string {
  return `**Label not counted**: ${inert(label)}${whose(by)}. ${inert(message)}`;
}

/** Markdown: the vote counts, and others are waited for. */
export function progressComment(person: string, approvals: number, needed: number): string {
  return `**${approvals} of ${needed} approvals**: ${inert(person)} approved by label. It was taken off, so that the next person can set it.`;
}

/** Why a label that no person put on does not count; null for a member. */
export function noPerson(by: LabelActor): string | null {
  switch (by.kind) {
    case 'nobody':
      return 'Linear names no person who set it: integrations and automations do not answer for people.';
    case 'no_member':
      return `It was set by ${by.what}: only full members of the workspace answer.`;
    default:
      return null;
  }
}

export const unattributed = 'The history of the issue does not show who set it.';
export const tooEarly = 'It was set before the request for approval was shown here. Read the newest plan, and set it again.';
export const nothingAsked = 'No plan was proposed in this incident.';
