import type { DatabasePool } from 'slonik';
import type { Policy } from '../../policy/decide.ts';
import { type Judged, judge } from '../../policy/judged.ts';
import type { PlanState, Vote } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Directory, Member } from '../people.ts';
import type { VoteOutcome, VoteRequest } from '../ports.ts';
import type { Store } from '../store/store.ts';

export interface VotesDeps {
  readonly pool: DatabasePool;
  readonly store: Pick<Store, 'record' | 'redact' | 'now'>;
  readonly policy: Policy;
  readonly directory: Directory;
}

/** An answer on its way to the request that it is for, with the people whose answers are recorded, as they are now. */
export interface Ballot {
  readonly stored: StoredPlan;
  readonly request: VoteRequest;
  readonly requester: string | null;
  readonly requesters: readonly string[];
  readonly member: Member | null;
  readonly voters: ReadonlyMap<string, Member | null>;
}

export type Refusal = Extract<VoteOutcome, { kind: 'refused' }>;

export const refused = (code: Refusal['code'], message: string): Refusal => ({ kind: 'refused', code, message });

const settledWords: Partial<Record<PlanState, string>> = {
  approved: 'It was approved already.',
  superseded: 'A newer plan has taken its place.',
  cancelled: 'It was cancelled.',
  executing: 'It is being executed already.',
  expired: 'It has expired.',
};

function settledRefusal(state: PlanState): Refusal {
  return refused(state === 'expired' ? 'expired' : 'settled', settledWords[state] ?? `It is ${state.replaceAll('_', ' ')} already.`);
}

/** What needs no policy: is it this request, and is it still open? */
export function stale(stored: StoredPlan, request: VoteRequest, now: Date): Refusal | null {
  if (request.requestHash !== stored.requestHash)
    return refused('stale', 'This is not the plan that is up for approval. Look at its card again.');
  if (stored.state !== 'pending') return settledRefusal(stored.state);
  return Date.parse(stored.plan.expiresAt) <= now.getTime() ? refused('expired', 'It has expired.') : null;
}

/** One answer per person and request: another one would have to take the first one back, which may have decided already. */
export function contradicts(before: Vote | undefined): Refusal | null {
  if (before === undefined) return null;
  const said = before.verdict.replaceAll('_', ' ');
  return refused('settled', `Your answer stays as it is (${said}). To stop the plan, cancel the incident.`);
}

/** What policy says of this person's answer. */
export function judgeVote({ policy, store }: VotesDeps, { stored, request, requester, requesters, member }: Ballot): Judged {
  return judge(policy, {
    question: 'vote',
    nowMs: store.now().getTime(),
    subject: {
      person: member?.id ?? null,
      roles: [...(member?.roles ?? [])],
      groups: [...(member?.groups ?? [])],
      serviceToken: request.who.kind === 'service_token',
      foreignTeam: false,
      guest: false,
      bot: false,
      deactivated: false,
    },
    requester,
    requesters: [...requesters],
    approvals: stored.plan.approval,
    tier: stored.plan.tier,
    verdict: request.verdict,
    expiresMs: Date.parse(stored.plan.expiresAt),
  });
}

/** Why the answer is not recorded; null: it is. */
export function refusalOf({ request, member }: Ballot, { decision }: Judged): Refusal | null {
  if (decision.verdict === 'allow') return null;
  if (member === null && request.who.kind !== 'service_token') {
    if (request.who.kind === 'slack') {
      return refused(
        'unknown_person',
        'This Slack account is linked to nobody: sign in once with the link that is offered, or have an administrator list it under people in watchkeeper.yaml.',
      );
    }
    return refused('unknown_person', 'I do not know who you are. An administrator has to list you under people in watchkeeper.yaml.');
  }
  return refused('not_allowed', `You cannot answer this: ${decision.reasons.join('; ')}.`);
}

interface Tally {
  readonly quorum: boolean;
  /** What is still missing, or what decided. */
  readonly words: string;
  readonly judged: Judged;
}

/** Whether the answers make up what policy demands: the same rules decide again before each step. */
export function tally({ policy, store }: VotesDeps, { stored, requester, requesters, voters }: Ballot, votes: readonly Vote[]): Tally {
  const { approval, tier, expiresAt } = stored.plan;
  const judged = judge(policy, {
    question: 'tally',
    nowMs: store.now().getTime(),
    votes: votes.map(({ person, verdict: said }) => {
      const { roles = [], groups = [] } = voters.get(person) ?? {};
      return { person, roles: [...roles], groups: [...groups], verdict: said };
    }),
    requester,
    requesters: [...requesters],
    approvals: approval,
    tier,
    expiresMs: Date.parse(expiresAt),
  });
  const { verdict, reasons } = judged.decision;
  return { quorum: verdict === 'allow', words: reasons.join('; '), judged };
}
