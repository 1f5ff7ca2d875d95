import type { Need, Replay } from '../policy/replay-answer.ts';

/** Decisions that change in the same way, by the same rules. */
export interface ChangeGroup {
  readonly question: string;
  readonly count: number;
  /** In words, e.g. `12 plans would now be denied: freeze.active`. */
  readonly words: string;
  /** Those of the tried policy. */
  readonly rules: readonly string[];
}

/** Decisions that could not be evaluated for the same reason. */
export interface GapGroup {
  readonly question: string;
  readonly count: number;
  readonly words: string;
}

/** One, and several of them. */
const nouns: Readonly<Record<string, readonly [string, string]>> = {
  plan: ['plan', 'plans'],
  execute: ['step', 'steps'],
  vote: ['vote', 'votes'],
  read: ['read', 'reads'],
  ask: ['request to open an incident', 'requests to open an incident'],
  tally: ['count of votes', 'counts of votes'],
  break_glass: ['use of break-glass', 'uses of break-glass'],
  llm_egress: ['text for a language model', 'texts for a language model'],
};

function counted(count: number, question: string): string {
  const [one, many] = nouns[question] ?? [`decision of the kind ${question}`, `decisions of the kind ${question}`];
  return `${count} ${count === 1 ? one : many}`;
}

/** e.g. `2 approvals by approver, not the requester`. */
export function approvalWords({ needed, roles, excludeRequester, groups }: Omit<Need, 'verdict'>): string {
  if (needed === 0) return 'no approval';
  const by = roles.length === 0 ? '' : ` by ${roles.join(' or ')}`;
  const from = groups.map((need) => `, ${need.needed} of them from ${need.group}`).join('');
  return `${needed} ${needed === 1 ? 'approval' : 'approvals'}${by}${excludeRequester ? ', not the requester' : ''}${from}`;
}

function changeWords(before: Need, after: Need): string {
  if (after.verdict === 'deny') return 'would now be denied';
  const again = before.verdict === 'deny' ? 'would no longer be denied: ' : '';
  if (after.verdict === 'allow')
    return before.verdict === 'allow' ? `would be allowed after ${approvalWords(after)}` : `${again}would be allowed`;
  const instead = before.verdict === 'deny' ? '' : ` instead of ${approvalWords(before)}`;
  return `${again}would need ${approvalWords(after)}${instead}`;
}

/** What has the same key, with the most first. */
function grouped<T, G extends { readonly count: number }>(
  items: readonly T[],
  keyOf: (item: T) => string,
  group: (same: readonly T[], first: T) => G,
) {
  const groups = [...Map.groupBy(items, keyOf).values()].flatMap((same) => (same[0] === undefined ? [] : [group(same, same[0])]));
  return groups.toSorted((a, b) => b.count - a.count);
}

const rulesOf = (change: Replay['changed'][number]): readonly string[] => [...new Set(change.after.rules)].toSorted();

export function groupChanges(changed: Replay['changed']): readonly ChangeGroup[] {
  const key = (change: Replay['changed'][number]) =>
    JSON.stringify([change.question, changeWords(change.before, change.after), rulesOf(change)]);
  return grouped(changed, key, (same, first) => {
    const { question, before, after } = first;
    const rules = rulesOf(first);
    const words = `${counted(same.length, question)} ${changeWords(before, after)}: ${rules.join(', ')}`;
    return { question, count: same.length, words, rules };
  });
}

export function groupGaps(unanswered: Replay['unanswered']): readonly GapGroup[] {
  const key = ({ question, reason }: Replay['unanswered'][number]) => JSON.stringify([question, reason]);
  return grouped(unanswered, key, (same, { question, reason }) => ({
    question,
    count: same.length,
    words: `${counted(same.length, question)} could not be evaluated: ${reason}`,
  }));
}
