import type { PlanAnswer } from '../api/shapes.ts';
import { folded } from './fold.ts';
import { planLines } from './plan-lines.ts';
import { type Piece, standing, type Text } from './style.ts';
import type { Happened, Look } from './watch-state.ts';

/** What is shown of an incident, and what whoever looks has done with it. */
export interface Frame extends Look {
  /** What was answered to what they typed, or what is wrong; null: nothing. */
  readonly message: string | null;
  readonly typed: string;
  /** First line of the plan that is shown, where it is longer than the screen. */
  readonly from: number;
  /** How many lines of the plan they have had on the screen. */
  readonly read: number;
  readonly now: Date;
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** Lines for a terminal, and how much of the plan is on them. */
export interface Picture {
  readonly lines: readonly Text[];
  /** Lines of the plan, all of them. */
  readonly total: number;
  /** The one after the last that is shown. */
  readonly end: number;
  /** How many are shown at once. */
  readonly step: number;
}

const quiet = (text: string): Piece => ({ text, meaning: 'quiet' });
const strong = (text: string): Piece => ({ text, meaning: 'strong' });

export const isAsked = ({ plan }: Pick<Frame, 'plan'>): boolean => plan?.state === 'pending';

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

/** While it waits: everything that is approved with it. After that: how it goes. */
function planOf(plan: PlanAnswer, now: Date, columns: number): readonly Text[] {
  const { id, goal, state, steps, expiresAt } = plan;
  const waiting = state === 'pending' ? `, ${left(expiresAt, now)}` : '';
  const head: readonly Text[] = ['', [strong('Plan'), ' ', quiet(id)], ['  ', goal, ': ', standing(state), waiting]];
  if (state === 'pending') return [...head, '', ...planLines(plan)].flatMap((line) => folded(line, columns - 1));
  return [
    ...head,
    ...steps.map(
      (step): Text => ['  ', standing(step.state), ` ${step.operation} at ${step.site}${step.reason === null ? '' : `: ${step.reason}`}`],
    ),
  ];
}

function headOf({ incident, happened }: Frame): readonly Text[] {
  const { title, state, outcome, service, createdAt } = incident;
  const observations = happened.filter(({ entry }) => entry.body?.kind === 'observation.stored').length;
  const about = [service, `opened ${createdAt.slice(0, 19)}Z`, `${observations} observations`].filter((part) => part).join(', ');
  return [[strong(title)], [standing(outcome ?? state), quiet(`  ${about}`)]];
}

function askLines(frame: Frame, isRead: boolean, columns: number): readonly Text[] {
  const { plan, typed } = frame;
  if (plan === null || plan.state !== 'pending') return [[quiet('q: leave')]];
  const why = plan.tier === 'high' ? 'approve or reject, and why' : 'approve, or reject and why';
  const asked = `Your vote on exactly this plan (request ${plan.requestHash.slice(0, 12)}): type ${why}, then Enter.`;
  const lines = [
    ...folded([strong(asked)], columns - 1),
    ...folded(`> ${typed}`, columns - 1),
    ...(typed === '' ? [[quiet('q: leave')] as const] : []),
  ];
  if (isRead) return lines;
  const further: Text = [strong('Read on to vote: '), 'space or ↓ goes on, ↑ goes back', quiet('  q: leave')];
  // As many lines: what is asked for at the end must not push the end off the screen.
  return [...lines.slice(1).map(() => ''), further];
}

function footOf(frame: Frame, isRead: boolean, columns: number): readonly Text[] {
  const { incident, message } = frame;
  const said = message === null ? [] : ['', ...folded([{ text: message, meaning: 'waiting' }], columns - 1)];
  const end: readonly Text[] =
    incident.state === 'closed' ? [[strong('Closed: '), incident.summary ?? '']] : askLines(frame, isRead, columns);
  return [...said, '', ...end];
}

function eventLines(happened: readonly Happened[], room: number): readonly Text[] {
  const told = room <= 0 ? [] : happened.flatMap(({ told: words }) => (words === null ? [] : [words])).slice(-room);
  const lines = told.map(({ time, headline, rest }): Text => ['  ', quiet(time), ` ${headline}${rest === '' ? '' : `: ${rest}`}`]);
  return lines.length === 0 ? [] : ['', [strong('What happened')], ...lines];
}

/** One picture of an incident, no longer than the screen. A plan that waits is shown in parts where it is longer: nobody answers to what they have not seen. */
export function picture(frame: Frame, { rows, columns }: Size): Picture {
  const { plan, happened, from, read, now } = frame;
  const head = headOf(frame);
  const body = [...findingLines(happened), ...(plan === null ? [] : planOf(plan, now, columns))];
  const total = body.length;
  const most = Math.max(6, rows - 1);
  const foot = footOf(frame, read >= total, columns);
  const room = most - head.length - foot.length;
  if (!isAsked(frame) || total <= room) {
    // A plan that waits stays whole, whatever else happened.
    const least = isAsked(frame) ? 0 : 3;
    const events = eventLines(happened, Math.max(least, room - total - 2));
    return { lines: [...head, ...body, ...events, ...foot].slice(-most), total, end: total, step: total };
  }
  const step = Math.max(1, room - 1);
  const first = Math.min(from, total - step);
  const end = first + step;
  const place: Text = [quiet(`Lines ${first + 1} to ${end} of ${total}`)];
  return { lines: [...head, ...body.slice(first, end), place, ...foot].slice(-most), total, end, step };
}
