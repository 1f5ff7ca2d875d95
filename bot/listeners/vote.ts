import { refusal } from '../../blocks/refusal.ts';
import type { MessageView } from '../../blocks/slack.ts';
import { voteAnswer } from '../../blocks/vote-answer.ts';
import type { Verdict } from '../../workflows/contracts/plan.ts';
import type { VoteOutcome } from '../ports.ts';
import { type ListenerContext, personOf, type SlackUser } from './context.ts';
import { invitation } from './known.ts';

export interface Ballot {
  readonly who: SlackUser;
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

async function refresh(context: ListenerContext, planId: string): Promise<void> {
  await context.refreshCard(planId).catch((error: unknown) => context.log.warn({ err: error, planId }, 'card could not be refreshed'));
}

async function outcomeOf(context: ListenerContext, who: SlackUser, outcome: VoteOutcome): Promise<BallotOutcome> {
  if (outcome.kind === 'refused' && outcome.code === 'unknown_person') return { kind: 'unknown', view: await invitation(context, who) };
  if (outcome.kind === 'refused') return { kind: 'refused', message: outcome.message };
  return { kind: 'counted', view: voteAnswer(outcome) };
}

/** Brings one person's vote to the one vote path. Throws what it throws. */
export async function castBallot(context: ListenerContext, { who, ...ballot }: Ballot): Promise<BallotOutcome> {
  const message = await turnedAway(context, who);
  if (message !== null) return { kind: 'refused', message };
  const outcome = await context.votes.cast({ who: { kind: 'slack', ...who }, ...ballot, channel: 'slack' });
  if (outcome.kind !== 'repeated') await refresh(context, ballot.planId);
  return outcomeOf(context, who, outcome);
}

export function ballotView(outcome: BallotOutcome): MessageView {
  return outcome.kind === 'refused' ? refusal(outcome.message) : outcome.view;
}
