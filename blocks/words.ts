import type { Outcome } from '../workflows/contracts/incident.ts';
import type { ApprovalNeed, Plan, PlanState, Step, StepState } from '../workflows/contracts/plan.ts';
import { escapeText, oneLine } from './escape.ts';
import { truncate } from './truncate.ts';

/** 0 to 1 → words and the figure. */
export function confidenceWords(confidence: number): string {
  const percent = `${Math.round(confidence * 100)}%`;
  if (confidence >= 0.9) return `very likely (${percent})`;
  if (confidence >= 0.7) return `likely (${percent})`;
  if (confidence >= 0.4) return `possible (${percent})`;
  return `unlikely (${percent})`;
}

export function tierWords(tier: Plan['tier']): string {
  return tier === 'read' ? 'read only' : `${tier} risk`;
}

/** How far a plan reaches. */
export function reachWords({ steps, tier }: Plan): string {
  const sites = [...new Set(steps.map((step) => step.site))].join(', ');
  return `${count(steps.length, 'step')} on ${sites}, ${tierWords(tier)}`;
}

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** Groups that are named in one sentence. */
const mostGroups = 8;

/** A group of the configuration, or the owners of a service. */
function groupWords(group: string): string {
  const name = truncate(oneLine(group), 60);
  return name.startsWith('owners:') ? `owners of ${name.slice('owners:'.length)}` : `group ${name}`;
}

/** One phrase for each group, as many as fit into a sentence. `words` and what comes of them are mrkdwn. */
export function groupList<T extends { readonly group: string }>(groups: readonly T[], show: (words: string, need: T) => string): string[] {
  const shown = groups.slice(0, mostGroups).map((need) => show(groupWords(need.group), need));
  return groups.length > mostGroups ? [...shown, `… (${groups.length - mostGroups} more groups)`] : shown;
}

/** What policy asks of people: mrkdwn. */
export function approvalWords(need: ApprovalNeed): string {
  if (need.needed === 0) return 'Runs automatically: policy asks for no approval.';
  const roles = need.roles.length > 0 ? ` from ${escapeText(need.roles.join(' or '))}` : '';
  const who = need.needed > 1 ? ', by different people' : '';
  const groups = groupList(need.groups, (words, { needed }) => `; at least ${needed} from ${words}`).join('');
  const requester = need.excludeRequester ? '. The requester’s vote does not count.' : '.';
  return `Needs ${count(need.needed, 'approval')}${roles}${who}${groups}${requester}`;
}

/** How much a step changes. */
export function impactWords({ targets, replicas, percent }: NonNullable<Step['impact']>): string {
  const several = targets > 1 ? `${targets} targets, ` : '';
  return `${several}${count(replicas, 'replica')}, ${percent}% of the workload`;
}

export const planStateWords: Readonly<Record<PlanState, string>> = {
  pending: 'Waiting for approval',
  approved: 'Approved',
  rejected: 'Rejected: nothing was changed',
  changes_requested: 'Changes requested: nothing was changed',
  expired: 'Expired: nothing was changed',
  superseded: 'Replaced by a newer plan: nothing was changed',
  cancelled: 'Cancelled',
  executing: 'Running',
  done: 'Done and verified',
  rolled_back: 'Rolled back: verification failed, the change was undone',
  failed: 'Failed: a person must look',
  stopped: 'Stopped: what was approved no longer held, nothing was changed',
};

export const stepStateWords: Readonly<Record<StepState, string>> = {
  pending: 'not started',
  running: 'running',
  done: 'done and verified',
  failed: 'failed',
  rolled_back: 'rolled back',
  rollback_failed: 'rollback failed',
  not_reversible: 'cannot be rolled back',
  skipped: 'skipped',
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  resolved: 'Resolved and verified',
  rolled_back: 'Rolled back: the change did not help and was undone',
  rejected: 'Closed: the plan was rejected and did not run',
  healthy: 'Healthy: nothing wrong was found',
  expired: 'Closed: nobody decided in time; the plan did not run',
  cancelled: 'Cancelled',
  failed: 'Failed: a person must look',
  unknown: 'Closed without a known cause',
};

/** Shown in each reader's own time zone; in UTC where a client cannot. */
export function instant(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return escapeText(oneLine(iso));
  const utc = at.toISOString().slice(0, 16).replace('T', ' ');
  return `<!date^${Math.floor(at.getTime() / 1000)}^{date_short_pretty} {time}|${utc} UTC>`;
}
