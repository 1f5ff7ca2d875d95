import { refusal } from '../../blocks/refusal.ts';
import type { MessageView } from '../../blocks/slack.ts';
import { voteAnswer } from '../../blocks/vote-answer.ts';
import type { Verdict, VotePlace } from '../../workflows/contracts/plan.ts';
import type { VoteOutcome } from '../ports.ts';
import { type ListenerContext, personOf, type SlackUser } from './context.ts';
import { publishHome } from './home/publish.ts';
import { invitation } from './known.ts';
import { tell, type Where } from './tell.ts';

export interface Ballot {
  readonly who: SlackUser;
  readonly where: Where;
  readonly planId: string;
  readonly requestHash: string;
  readonly verdict: Verdict;
  readonly reason: string | null;
}

export type BallotOutcome =
  | { readonly kind: 'counted'; readonly view: MessageView }
  | { readonly kind: 'refused'; readonly message: string }
  /** Nobody knows who it is: `view` says how that can be changed. */
  | { readonly kind: 'unknown'; readonly view: MessageView };

/**
 * Whoever is no full member of the workspace does not vote, even where configuration maps the account to a person.
 * An account that maps to nobody goes on to the vote path, which refuses and audits it.
 */
async function turnedAway(context: ListenerContext, who: SlackUser): Promise<string | null> {
  const account = await context.accounts.check(who);
  if (account.kind === 'member') return null;
  if (account.code === 'foreign' && (await personOf(context, who)) === null) return null;
  await context.onRefused({ who, what: 'vote', code: account.code });
  return account.message;
}

/** Where a click was made, seen from the incident: only its own thread shows the people in it who voted how. */
async function placeOf({ reads }: ListenerContext, planId: string, { channel, threadTs }: Where): Promise<VotePlace> {
  if (channel === null) return 'home';
  const stored = await reads.plan(planId);
  const incident = stored === null ? null : await reads.incident(stored.plan.incidentId);
  const thread = incident?.slack ?? null;
  if (thread !== null && thread.channel === channel && thread.threadTs === threadTs) return 'thread';
  return channel.startsWith('D') ? 'direct' : 'elsewhere';
}

/** The card, and the Home where the person is. */
async function refresh(context: ListenerContext, { planId, who, where }: Ballot): Promise<void> {
  await context.refreshCard(planId).catch((error: unknown) => context.log.warn({ err: error, planId }, 'card could not be refreshed'));
  if (where.channel === null) await publishHome(context, who.user);
}

async function outcomeOf(context: ListenerContext, who: SlackUser, outcome: VoteOutcome): Promise<BallotOutcome> {
  if (outcome.kind === 'refused' && outcome.code === 'unknown_person') return { kind: 'unknown', view: await invitation(context, who) };
  if (outcome.kind === 'refused') return { kind: 'refused', message: outcome.message };
  return { kind: 'counted', view: voteAnswer(outcome) };
}

/** Brings one person's vote to the one vote path. Throws what it throws. */
export async function castBallot(context: ListenerContext, ballot: Ballot): Promise<BallotOutcome> {
  const { who, where, ...answer } = ballot;
  const message = await turnedAway(context, who);
  if (message !== null) return { kind: 'refused', message };
  const place = await placeOf(context, answer.planId, where);
  const outcome = await context.votes.cast({ who: { kind: 'slack', ...who }, ...answer, channel: 'slack', place });
  if (outcome.kind !== 'repeated') await refresh(context, ballot);
  return outcomeOf(context, who, outcome);
}

/** Casts the vote, and says to the voter alone what came of it. */
export async function answerBallot(context: ListenerContext, ballot: Ballot): Promise<void> {
  const outcome = await castBallot(context, ballot);
  await tell(context, ballot.who, ballot.where, outcome.kind === 'refused' ? refusal(outcome.message) : outcome.view);
}

/** Whether it is worth asking for the reason: a vote that would be refused is refused at once. */
export async function wouldCount(context: ListenerContext, { who, planId, requestHash, verdict }: Ballot): Promise<boolean> {
  if ((await context.accounts.check(who)).kind !== 'member') return false;
  if ((await context.reads.plan(planId))?.requestHash !== requestHash) return false;
  return (await context.votes.choices({ kind: 'slack', ...who }, planId)).includes(verdict);
}
