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
});
export type ChangeState = z.infer<typeof ChangeState>;

type Parts = Pick<ChangeState, 'baseCommit' | 'branchCommit' | 'request' | 'revert'>;

export function stateOf(parts: Parts): ChangeState {
  const standing = standingOf(parts);
  const present = standing === 'open' || standing === 'merged' || standing === 'reverting';
  return { ...parts, standing, present, undone: standing === 'closed' || standing === 'reverted' || standing === 'none' };
}

function standingOf({ request, revert }: Parts): ChangeState['standing'] {
  if (request === null) return 'none';
  if (request.state !== 'merged' || revert === null || revert.state === 'closed') return request.state;
  return revert.state === 'merged' ? 'reverted' : 'reverting';
}
