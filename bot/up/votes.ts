import type { ScenarioVote } from '../sandbox/estate/scenarios/scenario.ts';

/** A vote list that cannot be understood. */
export class VotesInvalid extends Error {
  readonly code = 'votes_invalid';
  constructor(text: string) {
    super(`--vote ${text}: write it as person:approve or person:reject, separated by commas, e.g. alice:approve,bob:reject`);
    this.name = 'VotesInvalid';
  }
}

export function parseVotes(text: string): readonly ScenarioVote[] {
  return text.split(',').map((part) => {
    const [, person, verdict] = /^([a-z0-9._-]+):(approve|reject)$/.exec(part.trim()) ?? [];
    if (person === undefined || (verdict !== 'approve' && verdict !== 'reject')) throw new VotesInvalid(text);
    return { person, verdict };
  });
}
