import type { DatabasePool } from 'slonik';
import type { Policy } from '../../policy/decide.ts';
import type { PlanState, Vote } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Directory } from '../people.ts';
import type { VoteOutcome, VoteRequest, Votes } from '../ports.ts';
import type { Actor } from '../store/audit.ts';
import { NotFound } from '../store/errors.ts';
import { uuidv7 } from '../store/id.ts';
import { insertEvent } from '../store/inbox.ts';
import { getIncident } from '../store/incidents.ts';
import { settlePlan } from '../store/plan-store.ts';
import { lockPlan } from '../store/plans.ts';
import { inTransaction } from '../store/pool.ts';
import type { Tx } from '../store/sql.ts';
import type { Store } from '../store/store.ts';
import { insertVote } from '../store/votes.ts';

export interface VotesDeps {
  readonly pool: DatabasePool;
  readonly store: Pick<Store, 'record' | 'redact' | 'now'>;
  readonly policy: Policy;
  readonly directory: Directory;
}

type Refusal = Extract<VoteOutcome, { kind: 'refused' }>;

const refused = (code: Refusal['code'], message: string): Refusal => ({ kind: 'refused', code, message });

function actorOf(request: VoteRequest, person: string | null): Actor {
  if (person !== null) return { kind: 'person', id: person };
  if (request.who.kind === 'service_token') return { kind: 'service_token', id: request.who.tokenId };
  const { who } = request;
  return { kind: 'person', id: who.kind === 'slack' ? `unmapped:slack:${who.team}/${who.user}` : `unmapped:${who.kind}` };
}

const settledWords: Partial<Record<PlanState, string>> = {
  approved: 'It was approved already.',
  executing: 'It is being executed already.',
  expired: 'It has expired.',
};

function settledRefusal(state: PlanState): Refusal {
  return refused(state === 'expired' ? 'expired' : 'settled', settledWords[state] ?? `It is ${state.replaceAll('_', ' ')} already.`);
}

/** What needs no policy: is it this request, and is it still open? */
function stale(stored: StoredPlan, request: VoteRequest, now: Date): Refusal | null {
  if (request.requestHash !== stored.requestHash)
    return refused('stale', 'This is not the plan that is up for approval. Look at its card again.');
  if (stored.state !== 'pending') return settledRefusal(stored.state);
  return Date.parse(stored.plan.expiresAt) <= now.getTime() ? refused('expired', 'It has expired.') : null;
}

/** One answer per person and request: another one would have to take the first one back, which may have decided already. */
function contradicts(before: Vote | undefined): Refusal | null {
  if (before === undefined) return null;
  const said = before.verdict.replaceAll('_', ' ');
  return refused('settled', `Your answer stays as it is (${said}). To stop the plan, cancel the incident.`);
}

function judge(
  { policy, directory, store }: VotesDeps,
  stored: StoredPlan,
  requester: string | null,
  request: VoteRequest,
): Refusal | null {
  const person = directory.of(request.who);
  if (person === null && request.who.kind !== 'service_token') {
    return refused('unknown_person', 'I do not know who you are. An administrator has to list you under people in watchkeeper.yaml.');
  }
  const decision = policy.decide({
    question: 'vote',
    nowMs: store.now().getTime(),
    subject: {
      person: person?.id ?? null,
      roles: [...(person?.roles ?? [])],
      groups: person === null ? [] : [...directory.groupsOf(person.id)],
      serviceToken: request.who.kind === 'service_token',
      foreignTeam: false,
      guest: false,
      bot: false,
      deactivated: false,
    },
    requester,
    approvals: stored.plan.approval,
    tier: stored.plan.tier,
    verdict: request.verdict,
    expiresMs: Date.parse(stored.plan.expiresAt),
  });
  return decision.verdict === 'allow' ? null : refused('not_allowed', `You cannot answer this: ${decision.reasons.join('; ')}.`);
}

function countApprovals(votes: readonly Pick<Vote, 'person' | 'verdict'>[]): number {
  return new Set(votes.filter((vote) => vote.verdict === 'approve').map((vote) => vote.person)).size;
}

type Decided = Extract<VoteOutcome, { kind: 'recorded' }>['decided'];

function decidedBy(state: PlanState | null): Decided {
  return state === 'approved' || state === 'rejected' || state === 'changes_requested' ? state : null;
}

async function recordVote(tx: Tx, deps: VotesDeps, stored: StoredPlan, request: VoteRequest, person: string): Promise<VoteOutcome> {
  const { record, redact, now } = deps.store;
  const at = now();
  const words = request.reason === null ? null : redact.text(request.reason).text;
  const vote: Vote = {
    id: uuidv7(at),
    planId: request.planId,
    requestHash: request.requestHash,
    person,
    channel: request.channel,
    verdict: request.verdict,
    reason: words,
    createdAt: at.toISOString(),
  };
  if (!(await insertVote(tx, vote))) return { kind: 'repeated', person };
  const { incidentId, approval } = stored.plan;
  const approvals = countApprovals([...stored.votes, vote]);
  const actor: Actor = { kind: 'person', id: person };
  await record(tx, {
    kind: 'vote.recorded',
    actor,
    incidentId,
    planId: request.planId,
    ids: {
      vote: vote.id,
      verdict: request.verdict,
      channel: request.channel,
      requestHash: request.requestHash,
      approvals,
      needed: approval.needed,
    },
    words: { reason: words },
    mirror: true,
  });
  const event = { kind: 'answer', verdict: request.verdict, quorum: approvals >= approval.needed } as const;
  const reason = `${request.verdict.replaceAll('_', ' ')} by ${person}`;
  const decided = decidedBy(await settlePlan(tx, deps.store, request.planId, { event, reason, actor }));
  await insertEvent(tx, { kind: 'wake', dedupeKey: `vote:${vote.id}`, incidentId, reason: 'vote' }, redact);
  return { kind: 'recorded', person, approvals, needed: approval.needed, decided };
}

async function castIn(tx: Tx, deps: VotesDeps, request: VoteRequest): Promise<VoteOutcome> {
  const stored = await lockPlan(tx, request.planId);
  const incident = await getIncident(tx, stored.plan.incidentId);
  const person = deps.directory.of(request.who)?.id ?? null;
  const same = stored.votes.find((vote) => vote.person === person && vote.requestHash === request.requestHash);
  if (person !== null && same?.verdict === request.verdict) return { kind: 'repeated', person };
  const refusal = stale(stored, request, deps.store.now()) ?? contradicts(same) ?? judge(deps, stored, incident.requester, request);
  if (refusal === null && person !== null) return recordVote(tx, deps, stored, request, person);
  const why = refusal ?? refused('not_allowed', 'Only people vote.');
  await deps.store.record(tx, {
    kind: 'vote.refused',
    actor: actorOf(request, person),
    incidentId: incident.id,
    planId: request.planId,
    ids: { verdict: request.verdict, channel: request.channel, code: why.code },
    words: { message: why.message },
    // A token's holder could flood the mirrors with them.
    mirror: request.who.kind !== 'service_token',
  });
  return why;
}

/** The one vote path. The plan's row is locked meanwhile, so that votes are counted one after the other. */
export function createVotes(deps: VotesDeps): Votes {
  return {
    async cast(request) {
      try {
        return await inTransaction(deps.pool, (tx) => castIn(tx, deps, request));
      } catch (error) {
        if (error instanceof NotFound) return refused('unknown_plan', 'There is no such plan.');
        throw error;
      }
    },
  };
}
