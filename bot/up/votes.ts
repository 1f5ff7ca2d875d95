import type { ScenarioVote } from '../sandbox/estate/scenarios/scenario.ts';

/** A vote list that cannot be understood. */
export class VotesInvalid extends Error {
  readonly code = 'votes_invalid';
  constructor(text: string) {
    super(`--vote ${text}: write it as person:approve or person:reject, separated by commas, e.g. alice:approve,bob:reject`);
    this.name = 'VotesInvalid';
  }
}

/** A person whom nobody knows here; `known` are those who may be named. */
class VoterUnknown extends Error {
  readonly code = 'voter_unknown';
  constructor(person: string, known: readonly string[]) {
    super(`--vote: nobody here is called ${person}; these can be named: ${known.join(', ')}`);
    this.name = 'VoterUnknown';
  }
}

/** Throws VoterUnknown: before anything is begun, not when their turn comes. Who answers in Linear may be nobody of ours: that is refused there. */
export function requireKnown(votes: readonly ScenarioVote[], known: readonly string[]): void {
  const unknown = votes.find(({ person, via }) => via !== 'linear' && !known.includes(person));
  if (unknown !== undefined) throw new VoterUnknown(unknown.person, known);
}

export function parseVotes(text: string): readonly ScenarioVote[] {
  return text.split(',').map((part) => {
    const [, person, verdict] = /^([a-z0-9._-]+):(approve|reject)$/.exec(part.trim()) ?? [];
    if (person === undefined || (verdict !== 'approve' && verdict !== 'reject')) throw new VotesInvalid(text);
    return { person, verdict };
  });
}
