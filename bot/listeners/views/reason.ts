import { whoIs } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { readQuestion } from '../plan-reference.ts';
import { tell } from '../tell.ts';
import { type BallotOutcome, castBallot } from '../vote.ts';
import { complain, type Submission, typed } from './submission.ts';

const unavailable = 'Your vote could not be recorded: a part of the system does not answer. Please try again.';

/** A vote with its reason. A refusal is said in the modal, which stays open. */
export async function onReason(context: ListenerContext, submission: Submission): Promise<void> {
  const { ack, body, view } = submission;
  const reason = typed(submission, 'reason');
  if (reason === '') return complain(ack, 'reason', 'Please give a reason.');
  const { p, h, v, c, t } = readQuestion(view.private_metadata);
  const who = whoIs(body);
  const where = { channel: c, threadTs: t };
  const ballot = { who, where, planId: p, requestHash: h, verdict: v, reason };
  const outcome: BallotOutcome = await castBallot(context, ballot).catch((error: unknown) => {
    context.log.error({ err: error, planId: p }, 'slack vote failed');
    return { kind: 'refused', message: unavailable };
  });
  if (outcome.kind === 'refused') return complain(ack, 'reason', context.redact(outcome.message));
  await ack();
  return tell(context, who, where, outcome.view);
}
