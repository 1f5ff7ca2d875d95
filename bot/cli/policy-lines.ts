import type { Finding } from '../doctor/finding.ts';
import type { PolicyCheck } from '../policy/compiled-check.ts';
import type { ExplainAnswer } from '../policy/recorded.ts';
import type { Need, Replay } from '../policy/replay-answer.ts';
import type { WholeReplay } from './policy-replay.ts';
import { approvalWords } from './policy-replay-groups.ts';
import type { Text } from './style.ts';

type Explanation = ExplainAnswer['items'][number];

/** Of what opa or a table says about one check. */
const mostLines = 30;

const column = ' '.repeat(9);

function findingLines({ name, ok, detail, todo }: Finding): readonly Text[] {
  if (ok) return [`ok       ${name.padEnd(16)}${detail}`.trimEnd()];
  const lines = detail.split('\n');
  const rest = lines.length > mostLines ? [`${column}  and ${lines.length - mostLines} more lines`] : [];
  return [`problem  ${name}`, ...lines.slice(0, mostLines).map((line) => `${column}  ${line}`), ...rest, `${column}→ ${todo ?? ''}`];
}

export function checkLines({ findings }: PolicyCheck): readonly Text[] {
  const problems = findings.filter(({ ok }) => !ok).length;
  const end = problems === 0 ? 'This policy may decide.' : `This policy has ${problems} ${problems === 1 ? 'problem' : 'problems'}.`;
  return [...findings.flatMap(findingLines), '', end];
}

function explanationLines({ at, question, step, bundle, verdict, tier, approvals, why }: Explanation): readonly Text[] {
  const width = Math.max(...why.map(({ rule }) => (rule ?? 'unknown rule').length));
  return [
    `${at}  ${question}${step === null ? '' : ` ${step}`}: ${verdict.replaceAll('_', ' ')} (tier ${tier})`,
    ...why.map(({ rule, reason }) => `  ${(rule ?? 'unknown rule').padEnd(width)}  ${reason}`),
    ...(approvals.needed === 0 ? [] : [`  Needs   ${approvalWords(approvals)}`]),
    `  Bundle  ${bundle}`,
    '',
  ];
}

export function explainLines({ plan, items, unreadable }: ExplainAnswer): readonly Text[] {
  const rest = unreadable === 0 ? [] : [`${unreadable} more decisions are recorded in a form that is not known.`];
  return items.length === 0 ? [`No decision about ${plan} is recorded.`, ...rest] : [...items.flatMap(explanationLines), ...rest];
}

function needWords(need: Need): string {
  if (need.verdict === 'deny') return 'denied';
  return need.verdict === 'allow' ? 'allowed' : `needs ${approvalWords(need)}`;
}

function placeWords({ at, incident, plan, step, question }: Omit<Replay['unanswered'][number], 'reason'>): string {
  const about = Object.entries({ incident, plan, step }).flatMap(([name, id]) => (id === null ? [] : [`${name} ${id}`]));
  return [at, question, ...about].join('  ');
}

/** Each decision, and then what they have in common. */
export function replayLines({ bundle, since, totals, summary, changed, unanswered }: WholeReplay): readonly Text[] {
  const gaps = totals.unanswered === 0 ? '' : ` ${totals.unanswered} more could not be evaluated.`;
  return [
    ...changed.flatMap(({ before, after, ...place }) => [
      placeWords(place),
      `  was  ${needWords(before)}`,
      `  now  ${needWords(after)}`,
      ...after.reasons.map((reason, index) => `       ${after.rules[index] ?? 'unknown rule'}: ${reason}`),
    ]),
    ...unanswered.flatMap(({ reason, ...place }) => [placeWords(place), `  could not be evaluated: ${reason}`]),
    ...(changed.length + unanswered.length === 0 ? [] : ['']),
    `Under bundle ${bundle}, ${totals.changed} of ${totals.evaluated} decisions since ${since} would change.${gaps}`,
    ...[...summary.changed, ...summary.unanswered].map(({ words }) => `  ${words}`),
  ];
}
