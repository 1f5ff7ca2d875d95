import type { BreakGlassSettings } from '../../policy/contract/approvals.ts';
import type { Policy } from '../../policy/decide.ts';
import { judge } from '../../policy/judged.ts';
import type { BreakGlass } from '../../workflows/contracts/plan.ts';
import { decided } from '../../workflows/decided.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Member } from '../people.ts';
import type { BreakGlassOutcome, BreakGlassPort, BreakGlassRequest } from '../ports.ts';
import { insertBreakGlass } from '../store/break-glass.ts';
import { recordDecisions } from '../store/decisions.ts';
import { NotFound } from '../store/errors.ts';
import { insertEvent } from '../store/inbox.ts';
import { getIncident } from '../store/incidents.ts';
import { settlePlan } from '../store/plan-store.ts';
import { lockPlan } from '../store/plans.ts';
import { inTransaction } from '../store/pool.ts';
import { system } from '../store/record.ts';
import type { Tx } from '../store/sql.ts';
import type { VotesDeps } from './ballot.ts';

export interface BreakGlassDeps extends VotesDeps {
  /** As configured; null: off. */
  readonly settings: BreakGlassSettings | null;
}

type Refusal = Extract<BreakGlassOutcome, { kind: 'refused' }>;

const refused = (code: Refusal['code'], message: string): Refusal => ({ kind: 'refused', code, message });

interface Case {
  readonly stored: StoredPlan;
  readonly requester: string | null;
  readonly member: Member;
  readonly request: BreakGlassRequest;
}

function question({ settings, store }: BreakGlassDeps, { stored, requester, member, request }: Case) {
  return {
    question: 'break_glass',
    nowMs: store.now().getTime(),
    subject: {
      person: member.id,
      roles: [...member.roles],
      groups: [...member.groups],
      serviceToken: false,
      foreignTeam: false,
      guest: false,
      bot: false,
      deactivated: false,
    },
    loginMs: request.loginMs,
    reason: request.reason,
    requester,
    tier: stored.plan.tier,
    minutes: request.minutes,
    settings,
  } satisfies Parameters<Policy['decide']>[0];
}

/** What needs no policy: is it the request that the person has read, and is it still open? */
function stale({ stored, request }: Case, now: Date): Refusal | null {
  if (request.requestHash !== null && request.requestHash !== stored.requestHash)
    return refused('stale', 'This is not the plan that is up for approval. Read it again.');
  if (stored.state !== 'pending') return refused('settled', `The plan is ${stored.state.replaceAll('_', ' ')} already.`);
  return Date.parse(stored.plan.expiresAt) <= now.getTime() ? refused('expired', 'It has expired. Mention me again to plan anew.') : null;
}

/** The person's word is kept as they gave it, but for secrets. */
function glassOf({ store }: BreakGlassDeps, { member, request }: Case): BreakGlass {
  const at = store.now();
  const until = new Date(at.getTime() + request.minutes * 60_000);
  return { person: member.id, reason: store.redact.text(request.reason).text.trim(), at: at.toISOString(), until: until.toISOString() };
}

async function take(tx: Tx, deps: BreakGlassDeps, one: Case): Promise<BreakGlassOutcome> {
  const { store } = deps;
  const { plan, requestHash } = one.stored;
  const use = glassOf(deps, one);
  const actor = { kind: 'person', id: use.person } as const;
  const event = { kind: 'break_glass' } as const;
  await settlePlan(tx, store, plan.id, { event, reason: `break-glass by ${use.person}`, actor });
  const loginAt = new Date(one.request.loginMs ?? 0).toISOString();
  await insertBreakGlass(tx, { ...use, planId: plan.id, requestHash, loginAt });
  await store.record(tx, {
    kind: 'break_glass.used',
    actor,
    incidentId: plan.incidentId,
    planId: plan.id,
    ids: { requestHash, until: use.until, loginAt, channel: one.request.channel },
    words: { reason: use.reason },
  });
  await store.record(tx, {
    kind: 'person.paged',
    actor: system,
    incidentId: plan.incidentId,
    planId: plan.id,
    ids: { key: `break-glass:${plan.id}`, targets: 'everybody' },
    words: { message: `${use.person} runs a plan without its approvals (break-glass): ${use.reason}` },
  });
  const dedupeKey = `break-glass:${plan.id}`;
  await insertEvent(tx, { kind: 'wake', dedupeKey, incidentId: plan.incidentId, reason: 'vote' }, store.redact);
  return { kind: 'broken', person: use.person, until: use.until };
}

async function refuse(tx: Tx, { store }: BreakGlassDeps, { stored, member, request }: Case, why: Refusal): Promise<Refusal> {
  await store.record(tx, {
    kind: 'break_glass.refused',
    actor: { kind: 'person', id: member.id },
    incidentId: stored.plan.incidentId,
    planId: stored.plan.id,
    ids: { code: why.code, channel: request.channel },
    words: { message: why.message, reason: request.reason },
  });
  return why;
}

async function openIn(tx: Tx, deps: BreakGlassDeps, request: BreakGlassRequest, member: Member): Promise<BreakGlassOutcome> {
  const stored = await lockPlan(tx, request.planId);
  const { requester } = await getIncident(tx, stored.plan.incidentId);
  const one: Case = { stored, requester, member, request };
  if (stored.breakGlass?.person === member.id) return { kind: 'broken', person: member.id, until: stored.breakGlass.until };
  const early = stale(one, deps.store.now());
  if (early !== null) return refuse(tx, deps, one, early);
  const judged = judge(deps.policy, question(deps, one));
  await recordDecisions(tx, deps.store, [decided(judged, { incidentId: stored.plan.incidentId, planId: stored.plan.id })]);
  const { verdict, reasons } = judged.decision;
  if (verdict !== 'allow') return refuse(tx, deps, one, refused('not_allowed', `You cannot break the glass: ${reasons.join('; ')}.`));
  return take(tx, deps, one);
}

/**
 * One person runs a request without its quorum: a reason, a login of the last minutes, an hour at most, everybody told, a review by
 * somebody else afterwards. It stands in for the votes only: policy still judges each step, and a hard denial stays one.
 */
export function createBreakGlass(deps: BreakGlassDeps): Pick<BreakGlassPort, 'open'> {
  const { pool, directory } = deps;
  return {
    async open(request) {
      const member = await directory.of(request.who);
      if (member === null) return refused('unknown_person', 'I do not know who you are, or you are no person.');
      try {
        return await inTransaction(pool, (tx) => openIn(tx, deps, request, member));
      } catch (error) {
        if (error instanceof NotFound) return refused('unknown_plan', 'There is no such plan.');
        throw error;
      }
    },
  };
}
