import type { IncidentAnswer, PlanAnswer } from '../api/shapes.ts';
import { type Piece, standing, type Text } from './style.ts';
import type { Happened } from './watch-state.ts';

export interface Frame {
  readonly incident: IncidentAnswer;
  readonly plan: PlanAnswer | null;
  readonly happened: readonly Happened[];
  /** What was answered to the last key, or what is wrong; null: nothing. */
  readonly message: string | null;
  /** The verdict that waits for its confirmation. */
  readonly asking: 'approve' | 'reject' | null;
  readonly now: Date;
}

const quiet = (text: string): Piece => ({ text, meaning: 'quiet' });
const strong = (text: string): Piece => ({ text, meaning: 'strong' });

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** All of it: what somebody answers to is not cut. Broken between words where that is possible. */
function folded(text: string, width: number): readonly string[] {
  const room = Math.max(20, width);
  if (text.length <= room) return [text];
  const space = text.lastIndexOf(' ', room);
  const end = space > room / 2 ? space : room;
  return [text.slice(0, end), ...folded(text.slice(end).trimStart(), width)];
}

function findingLines(happened: readonly Happened[]): readonly Text[] {
  const saved = happened.filter(({ entry }) => entry.body?.kind === 'finding.saved');
  const lines = saved.map(({ entry: { disclosures } }): Text => {
    const confidence = Number(disclosures['confidence']?.value ?? 0);
    return ['  ', quiet(`${Math.round(confidence * 100)} %`.padStart(5)), '  ', String(disclosures['title']?.value ?? 'erased')];
  });
  return lines.length === 0 ? [] : ['', [strong('Findings')], ...lines];
}

function left(expiresAt: string, now: Date): string {
  const minutes = Math.ceil((Date.parse(expiresAt) - now.getTime()) / 60_000);
  return minutes <= 0 ? 'expired' : `${minutes} min left`;
}

function planLines({ id, goal, state, approvals, steps, expiresAt }: PlanAnswer, now: Date, columns: number): readonly Text[] {
  const given = approvals.votes.filter(({ verdict }) => verdict === 'approve').length;
  const votes = approvals.votes.map(({ person, verdict }) => `${person}: ${verdict.replaceAll('_', ' ')}`).join(', ');
  const waiting = state === 'pending' ? `, ${given} of ${approvals.needed} approvals, ${left(expiresAt, now)}` : '';
  return [
    '',
    [strong('Plan'), ' ', quiet(id)],
    ['  ', goal, ': ', standing(state), waiting],
    ...(votes === '' ? [] : [`  Votes: ${votes}`]),
    ...steps.flatMap((step): readonly Text[] => [
      ['  ', standing(step.state), ` ${step.operation} at ${step.site}${step.reason === null ? '' : `: ${step.reason}`}`],
      ...folded(step.argv.join(' '), columns - 8).map((part): Text => ['      ', quiet(part)]),
    ]),
  ];
}

function askLine({ plan, asking }: Frame, fits: boolean): Text {
  if (plan === null || plan.state !== 'pending') return [quiet('q: leave')];
  if (!fits)
    return [
      strong(`The plan is longer than this screen: see watchkeeper plan show ${plan.id}, then approve or reject it.`),
      quiet('  q: leave'),
    ];
  if (asking !== null)
    return [
      strong(`${asking === 'approve' ? 'Approve' : 'Reject'} exactly this plan (request ${plan.requestHash.slice(0, 12)})?`),
      '  y: yes  n: no',
    ];
  return ['Your vote:  ', strong('a'), ': approve  ', strong('r'), ': reject  ', quiet('q: leave')];
}

/** Whether all of a pending plan is on the screen: nobody answers to what they do not see. */
export function fits(frame: Frame, size: Size): boolean {
  const { head, foot } = partsOf(frame, size, true);
  return head.length + foot.length <= Math.max(4, size.rows - 1);
}

function partsOf(frame: Frame, { columns }: Size, whole: boolean) {
  const { incident, plan, happened, message, now } = frame;
  const { title, state, outcome, service, createdAt, summary } = incident;
  const observations = happened.filter(({ entry }) => entry.body?.kind === 'observation.stored').length;
  const head: readonly Text[] = [
    [strong(title)],
    [
      standing(outcome ?? state),
      quiet(`  ${[service, `opened ${createdAt.slice(0, 19)}Z`, `${observations} observations`].filter((part) => part).join(', ')}`),
    ],
    ...findingLines(happened),
    ...(plan === null ? [] : planLines(plan, now, columns)),
  ];
  const foot: readonly Text[] = [
    ...(message === null ? [] : ['', ...folded(message, columns - 2).map((text): Text => [{ text, meaning: 'waiting' }])]),
    '',
    ...(state === 'closed' ? [[strong('Closed: '), summary ?? '']] : [askLine(frame, whole)]),
  ];
  return { head, foot };
}

/** One picture of an incident, at most so many lines: what happened is cut first, from its beginning. */
export function frameLines(frame: Frame, size: Size): readonly Text[] {
  const { rows } = size;
  const { happened } = frame;
  const { head, foot } = partsOf(frame, size, fits(frame, size));
  // A plan that waits stays whole, whatever else happened.
  const least = frame.plan?.state === 'pending' ? 0 : 3;
  const room = Math.max(least, rows - head.length - foot.length - 3);
  const told = room === 0 ? [] : happened.flatMap(({ told: words }) => (words === null ? [] : [words])).slice(-room);
  const lines = told.map(({ time, headline, rest }): Text => ['  ', quiet(time), ` ${headline}${rest === '' ? '' : `: ${rest}`}`]);
  return [...head, ...(lines.length === 0 ? [] : ['', [strong('What happened')] as const, ...lines]), ...foot].slice(
    -Math.max(4, rows - 1),
  );
}
