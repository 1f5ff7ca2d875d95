import { z } from 'zod';
import { CheckCounts } from './checks.ts';

const State = z.enum(['open', 'merged', 'closed']);

/** Where a change of a repository stands. */
export const ChangeState = z.object({
  /** Newest commit of the branch that is to be changed; null: there is no such branch. */
  baseCommit: z.string().nullable(),
  /** Newest commit of the change's own branch; null: it is not there. */
  branchCommit: z.string().nullable(),
  request: z
    .object({
      ...{ id: z.string(), number: z.number().int(), url: z.string(), state: State, draft: z.boolean(), head: z.string() },
      ...{ mergeable: z.string(), review: z.string(), mergeCommit: z.string().nullable() },
      /** Hash of the change that its first commit names; null: it names none. */
      change: z.string().nullable(),
      checks: CheckCounts,
      /** No check fails or is awaited. */
      green: z.boolean(),
    })
    .nullable(),
  /** The request that takes it back. */
  revert: z.object({ number: z.number().int(), url: z.string(), state: State }).nullable(),
  /** Open or merged, and not taken back. */
  present: z.boolean(),
  standing: z.enum(['none', 'open', 'merged', 'closed', 'reverting', 'reverted']),
  /** Nothing of it is left to take effect. */
  undone: z.boolean(),
  /** What it waits for until it is merged, in words; null: it is. */
  waitingFor: z.string().nullable().default(null),
});
export type ChangeState = z.infer<typeof ChangeState>;

type Parts = Pick<ChangeState, 'baseCommit' | 'branchCommit' | 'request' | 'revert'>;

export function stateOf(parts: Parts): ChangeState {
  const standing = standingOf(parts);
  const present = standing === 'open' || standing === 'merged' || standing === 'reverting';
  const undone = standing === 'closed' || standing === 'reverted' || standing === 'none';
  return { ...parts, standing, present, undone, waitingFor: waitingFor(parts.request) };
}

const reviews: Readonly<Record<string, string>> = {
  CHANGES_REQUESTED: 'a review asks for changes',
  REVIEW_REQUIRED: 'a review is missing',
};

function waitingFor(request: ChangeState['request']): string | null {
  if (request === null) return 'it is not there';
  if (request.state === 'merged') return null;
  if (request.state === 'closed') return 'it was closed without being merged';
  const { checks, mergeable, review } = request;
  const reasons = [
    ...(checks.failing > 0 ? [`failing checks: ${checks.failing}`] : []),
    ...(checks.pending > 0 ? [`pending checks: ${checks.pending}`] : []),
    ...(reviews[review] === undefined ? [] : [reviews[review]]),
    ...(mergeable === 'CONFLICTING' ? ['it conflicts with its base'] : []),
  ];
  return ['nobody has merged it', ...reasons].join('; ');
}

function standingOf({ request, revert }: Parts): ChangeState['standing'] {
  if (request === null) return 'none';
  if (request.state !== 'merged' || revert === null || revert.state === 'closed') return request.state;
  return revert.state === 'merged' ? 'reverted' : 'reverting';
}
