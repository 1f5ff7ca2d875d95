import { commandText } from '../../../blocks/command.ts';
import { reachWords } from '../../../blocks/words.ts';
import type { StoredPlan } from '../../../workflows/ports.ts';
import type { BreakGlassUse } from '../../store/break-glass.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';
import { block, outside, section, table, time } from './parts.ts';
import { tierChip } from './states.ts';

export interface Waiting {
  readonly mine: readonly StoredPlan[];
  readonly others: readonly StoredPlan[];
  readonly unreviewed: readonly BreakGlassUse[];
  readonly nameOf: (person: string) => string;
}

function row({ plan, votes }: StoredPlan): readonly (Html | string)[] {
  const given = new Set(votes.filter(({ verdict }) => verdict === 'approve').map(({ person }) => person)).size;
  return [
    html`<a href="/plans/${encodeURIComponent(plan.id)}">${outside(plan.goal)}</a>${block('What would run', plan.steps.map(({ via }) => commandText(via)).join('\n'))}`,
    html`${tierChip(plan.tier)} <span class="quiet">${reachWords(plan)}</span>`,
    `${given} of ${plan.approval.needed}`,
    time(plan.expiresAt),
  ];
}

function list(caption: string, plans: readonly StoredPlan[], none: string): Html {
  return table({ caption, head: ['Plan', 'Risk', 'Approvals', 'Expires (UTC)'], rows: plans.map(row), none });
}

export function approvalsView({ mine, others, unreviewed, nameOf }: Waiting): View {
  const reviews = unreviewed.map(({ planId, person, reason, at }) => [
    html`<a href="/plans/${encodeURIComponent(planId)}#glass">${outside(reason)}</a>`,
    outside(nameOf(person)),
    time(at),
  ]);
  const body = html`${section('mine', 'Waiting for you', list('Plans that wait for you', mine, 'No plan waits for you.'))}
${section('others', 'Waiting for others', list('Plans that wait for others', others, 'No other plan waits.'))}
${section('reviews', 'Break-glass to review', table({ caption: 'Uses of break-glass without a review', head: ['Reason', 'By', 'At (UTC)'], rows: reviews, none: 'Every use was reviewed.' }))}`;
  return { title: 'Approvals', section: '/approvals', body };
}
