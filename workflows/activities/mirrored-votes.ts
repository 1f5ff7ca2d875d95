import type { Vote } from '../contracts/plan.ts';
import type { StoredPlan } from '../ports.ts';

const verbs: Readonly<Record<Vote['verdict'], string>> = { approve: 'approved', reject: 'rejected', request_changes: 'asked for changes' };

const inSlack: Readonly<Record<Vote['place'], string | null>> = {
  thread: null,
  direct: 'by a direct message',
  home: 'on the Home of the app',
  elsewhere: 'outside of this thread',
};

const byChannel: Readonly<Record<Exclude<Vote['channel'], 'slack'>, string>> = {
  linear: 'in Linear',
  api: 'through the API',
  cli: 'by the command line',
  web: 'on the web page',
};

/** Where it was cast; null: in the thread, where people saw it. */
function how({ channel, place }: Vote): string | null {
  return channel === 'slack' ? inSlack[place] : byChannel[channel];
}

/** What the incident's thread has to be told of votes that were cast elsewhere, oldest first. The key is the vote's own. */
export function mirroredVotes({ plan, votes }: StoredPlan, nameOf: (person: string) => string): readonly { key: string; text: string }[] {
  let approvals = 0;
  return votes.flatMap((vote) => {
    if (vote.verdict === 'approve') approvals += 1;
    const where = how(vote);
    if (where === null) return [];
    const count = vote.verdict === 'approve' ? ` (${approvals} of ${plan.approval.needed})` : '';
    const reason = vote.reason === null || vote.reason.trim() === '' ? '' : `: ${vote.reason}`;
    return [{ key: `vote:${vote.id}`, text: `${nameOf(vote.person)} ${verbs[vote.verdict]} ${where}${count}${reason}` }];
  });
}
