import type { StoredPlan } from '../../workflows/ports.ts';
import { kindRow } from '../mirrors/kinds.ts';
import { lineOf } from '../mirrors/words.ts';
import { followUpsOf } from './follow-ups.ts';
import { impactOf } from './impact.ts';
import type { Cause, DonePlan, Postmortem } from './model.ts';
import type { Source } from './source.ts';
import { judge } from './worked.ts';

function donePlan({ plan, state, votes, breakGlass, steps }: StoredPlan): DonePlan {
  return {
    plan: plan.id,
    goal: plan.goal,
    state,
    votes: votes.map(({ person, verdict, channel, createdAt: at, reason }) => ({ person, verdict, channel, at, reason })),
    breakGlass: breakGlass === null ? null : { person: breakGlass.person, reason: breakGlass.reason, at: breakGlass.at },
    steps: plan.steps.map(({ id, summary, operation, site }) => {
      const record = steps.find(({ stepId }) => stepId === id);
      return {
        summary,
        operation,
        site,
        state: record?.state ?? 'pending',
        reason: record?.reason ?? null,
        before: record?.before ?? null,
        output: record?.output ?? null,
        verification: record?.verification ?? null,
        rollbackVerification: record?.rollbackVerification ?? null,
      };
    }),
  };
}

function causesOf({ evidence: { findings } }: Source): Cause[] {
  return findings
    .toSorted((a, b) => b.confidence - a.confidence)
    .map(({ id, title, mechanism, confidence, refutedBy, edges }) => ({
      finding: id,
      title,
      mechanism,
      confidence,
      refutedBy,
      evidence: edges,
    }));
}

/** Decisions in the words in which people hear of them; what is only audited is left out. */
function timelineOf({ recorded }: Source): Postmortem['timeline'] {
  const told = recorded.filter(({ kind }) => !['quiet', undefined].includes(kindRow(kind)?.linear));
  return told.map((row) => {
    const { headline, rest } = lineOf(row, (text) => text);
    return { at: row.body.at, what: headline, detail: rest };
  });
}

const decisions: ReadonlySet<string> = new Set(['plan.approved', 'plan.rejected', 'plan.changes_requested', 'break_glass.used']);

function secondsOf({ incident, recorded }: Source): Postmortem['seconds'] {
  const since = (at: string | undefined | null) => (at ? Math.max(0, (Date.parse(at) - Date.parse(incident.createdAt)) / 1_000) : null);
  const first = (fits: (kind: string) => boolean) => recorded.find(({ kind }) => fits(kind))?.body.at;
  return {
    toPlan: since(first((kind) => kind === 'plan.proposed')),
    toDecision: since(first((kind) => decisions.has(kind))),
    toEnd: since(incident.closedAt),
  };
}

/** From what is on record, and from nothing else. */
export function compose(source: Source): Postmortem {
  const { incident, summary, evidence } = source;
  const { worked, didNotWork } = judge(source);
  return {
    incident: incident.id,
    title: incident.title,
    outcome: incident.outcome,
    summary,
    service: incident.service,
    openedBy: incident.requester,
    openedAt: incident.createdAt,
    closedAt: incident.closedAt,
    seconds: secondsOf(source),
    impact: impactOf(source),
    causes: causesOf(source),
    plans: evidence.plans.map(donePlan),
    worked: [...worked],
    didNotWork: [...didNotWork],
    followUps: [...followUpsOf(source)],
    timeline: timelineOf(source),
  };
}
