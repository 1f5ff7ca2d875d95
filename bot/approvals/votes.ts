import { type PlanState, Verdict, type Vote } from '../../workflows/contracts/plan.ts';
import { decided } from '../../workflows/decided.ts';
import { engage } from '../engagement.ts';
import type { VoteChoices, VoteOutcome, VoteRequest, VoterIdentity, Votes } from '../ports.ts';
import type { Actor } from '../store/audit.ts';
import { recordDecisions } from '../store/decisions.ts';
import { NotFound } from '../store/errors.ts';
import { uuidv7 } from '../store/id.ts';
import { insertEvent } from '../store/inbox.ts';
import { getIncident } from '../store/incidents.ts';
import { settlePlan } from '../store/plan-store.ts';
import { getPlan, lockPlan } from '../store/plans.ts';
import { inTransaction } from '../store/pool.ts';
import type { Tx } from '../store/sql.ts';
import { insertVote, listVotes } from '../store/votes.ts';
import { type Ballot, contradicts, judgeVote, type Refusal, refusalOf, refused, stale, tally, type VotesDeps } from './ballot.ts';

function actorOf(request: VoteRequest, person: string | null): Actor {
  if (person !== null) return { kind: 'person', id: person };
  if (request.who.kind === 'service_token') return { kind: 'service_token', id: request.who.tokenId };
  const { who } = request;
  return { kind: 'person', id: who.kind === 'slack' ? `unmapped:slack:${who.team}/${who.user}` : `unmapped:${who.kind}` };
}

function countApprovals(votes: readonly Pick<Vote, 'person' | 'verdict'>[]): number {
  return new Set(votes.filter((vote) => vote.verdict === 'approve').map((vote) => vote.person)).size;
}

type Decided = Extract<VoteOutcome, { kind: 'recorded' }>['decided'];

function decidedBy(state: PlanState | null): Decided {
  return state === 'approved' || state === 'rejected' || state === 'changes_requested' ? state : null;
}

async function recordVote(tx: Tx, deps: VotesDeps, ballot: Ballot, person: string): Promise<VoteOutcome> {
  const { record, redact, now } = deps.store;
  const { stored, request } = ballot;
  const { planId, requestHash, verdict, channel, place = 'elsewhere' } = request;
  const at = now();
  const words = request.reason === null ? null : redact.text(request.reason).text;
  const vote: Vote = { id: uuidv7(at), planId, requestHash, person, channel, place, verdict, reason: words, createdAt: at.toISOString() };
  if (!(await insertVote(tx, vote))) return { kind: 'repeated', person };
  const votes = [...stored.votes, vote];
  const { incidentId, approval } = stored.plan;
  const { quorum, words: missing, judged } = tally(deps, ballot, votes);
  await recordDecisions(tx, deps.store, [decided(judged, { incidentId, planId })]);
  const approvals = countApprovals(votes);
  const { needed } = approval;
  const actor: Actor = { kind: 'person', id: person };
  await record(tx, {
    kind: 'vote.recorded',
    actor,
    incidentId,
    planId,
    ids: { vote: vote.id, verdict, channel, place, requestHash, approvals, needed },
    words: { reason: words },
  });
  const reason = `${verdict.replaceAll('_', ' ')} by ${person}`;
  const end = decidedBy(await settlePlan(tx, deps.store, planId, { event: { kind: 'answer', verdict, quorum }, reason, actor }));
  if (channel === 'slack' && ballot.member !== null) await engage(tx, record, ballot.member, incidentId);
  await insertEvent(tx, { kind: 'wake', dedupeKey: `vote:${vote.id}`, incidentId, reason: 'vote' }, redact);
  return { kind: 'recorded', person, approvals, needed, missing: end === null ? missing : null, decided: end };
}

async function recordRefusal(tx: Tx, { store }: VotesDeps, { stored, request, member }: Ballot, why: Refusal): Promise<Refusal> {
  await store.record(tx, {
    kind: 'vote.refused',
    actor: actorOf(request, member?.id ?? null),
    incidentId: stored.plan.incidentId,
    planId: request.planId,
    ids: { verdict: request.verdict, channel: request.channel, code: why.code },
    words: { message: why.message },
    // A token's holder could flood the mirrors with them.
    ...(request.who.kind === 'service_token' ? { mirror: false } : {}),
  });
  return why;
}

/** `again`: somebody else answered since the people were asked for. */
async function castIn(
  tx: Tx,
  deps: VotesDeps,
  request: VoteRequest,
  { member, voters }: Pick<Ballot, 'member' | 'voters'>,
): Promise<VoteOutcome | 'again'> {
  const stored = await lockPlan(tx, request.planId);
  if (!stored.votes.every(({ person }) => voters.has(person))) return 'again';
  const { requester, coRequesters: requesters = [] } = await getIncident(tx, stored.plan.incidentId);
  const ballot: Ballot = { stored, request, requester, requesters, member, voters };
  const person = member?.id ?? null;
  const same = stored.votes.find((vote) => vote.person === person && vote.requestHash === request.requestHash);
  if (person !== null && same?.verdict === request.verdict) return { kind: 'repeated', person };
  const early = stale(stored, request, deps.store.now()) ?? contradicts(same);
  if (early !== null) return recordRefusal(tx, deps, ballot, early);
  const judged = judgeVote(deps, ballot);
  await recordDecisions(tx, deps.store, [decided(judged, { incidentId: stored.plan.incidentId, planId: request.planId })]);
  const refusal = refusalOf(ballot, judged);
  if (refusal === null && person !== null) return recordVote(tx, deps, ballot, person);
  return recordRefusal(tx, deps, ballot, refusal ?? refused('not_allowed', 'Only people vote.'));
}

/** Before the transaction: asking takes a connection of its own, and those who wait for a lock may hold them all. */
async function peopleOf({ directory, pool }: VotesDeps, request: VoteRequest): Promise<Pick<Ballot, 'member' | 'voters'>> {
  const member = await directory.of(request.who);
  const people = (await listVotes(pool, request.planId)).map(({ person }) => person);
  const voters = new Map(await Promise.all(people.map(async (id) => [id, await directory.current(id)] as const)));
  if (member !== null) voters.set(member.id, member);
  return { member, voters };
}

async function choicesOf(deps: VotesDeps, who: VoterIdentity, planId: string): Promise<readonly Verdict[]> {
  const stored = await getPlan(deps.pool, planId);
  const { requester, coRequesters: requesters = [] } = await getIncident(deps.pool, stored.plan.incidentId);
  const member = await deps.directory.of(who);
  if (member === null || stored.votes.some(({ person }) => person === member.id)) return [];
  return Verdict.options.filter((verdict) => {
    const request: VoteRequest = { who, planId, requestHash: stored.requestHash, verdict, reason: null, channel: 'slack' };
    const ballot = { stored, request, requester, requesters, member, voters: new Map() };
    return (stale(stored, request, deps.store.now()) ?? refusalOf(ballot, judgeVote(deps, ballot))) === null;
  });
}

/** The one vote path. The plan's row is locked meanwhile, so that votes are counted one after the other. */
export function createVotes(deps: VotesDeps): Votes & VoteChoices {
  return {
    async choices(who, planId) {
      try {
        return await choicesOf(deps, who, planId);
      } catch (error) {
        if (error instanceof NotFound) return [];
        throw error;
      }
    },
    async cast(request) {
      try {
        for (;;) {
          const people = await peopleOf(deps, request);
          const outcome = await inTransaction(deps.pool, (tx) => castIn(tx, deps, request, people));
          // Each time around, another person's only answer has been recorded: it ends with the number of people.
          if (outcome !== 'again') return outcome;
        }
      } catch (error) {
        if (error instanceof NotFound) return refused('unknown_plan', 'There is no such plan.');
        throw error;
      }
    },
  };
}
