import type { WorkloadObject } from './objects.ts';
import type { KeptRevision, Revision } from './revisions.ts';

interface Dated {
  readonly revision: number;
  readonly revisions: readonly Pick<Revision, 'revision' | 'createdAt'>[];
  readonly rolledOutAt?: string | null | undefined;
}

/**
 * Whether the revision was made before its rollout: an undo, or the change back to an old template, takes the old replica set again. The
 * deployment controller then notes the numbers that it had; without that note a newer one beside it says so.
 */
function isReused({ revision, before }: KeptRevision, kept: readonly KeptRevision[]): boolean {
  const made = Date.parse(revision.createdAt ?? '');
  return before || kept.some((other) => Date.parse(other.revision.createdAt ?? '') > made);
}

/**
 * When the deployment controller last saw the rollout of that replica set go on: the end of one that is complete. Null while it is
 * paused or was timed out: the condition then dates from that; and where its words are of another replica set, as just after a change.
 */
function progressedAt({ status }: WorkloadObject, { name }: Revision): string | null {
  const condition = status.conditions?.find(({ type }) => type === 'Progressing');
  if (condition === undefined || !['NewReplicaSetAvailable', 'ReplicaSetUpdated'].includes(condition.reason ?? '')) return null;
  const named = /ReplicaSet "([^"]*)"/.exec(condition.message ?? '')?.[1];
  return named === undefined || named === name ? (condition.lastUpdateTime ?? null) : null;
}

/** When the current revision was rolled out: it was made for that, or the controller says when it saw it go on. Null: not known. */
export function rolloutTime(workload: WorkloadObject, current: Revision | null, kept: readonly KeptRevision[]): string | null {
  const found = kept.find(({ revision }) => revision === current);
  if (found === undefined) return null;
  return isReused(found, kept) ? progressedAt(workload, found.revision) : found.revision.createdAt;
}

const madeAt = ({ revision, revisions }: Dated) => revisions.find((one) => one.revision === revision)?.createdAt ?? null;

/** The same of a state; one that was observed before this was read has the time at which the revision was made. */
export const rolledOutAt = (state: Dated): string | null => (state.rolledOutAt === undefined ? madeAt(state) : state.rolledOutAt);

/** When that rollout began; null: not known, as of a revision that was made before. */
export function rolloutBeganAt(state: Dated): string | null {
  const at = rolledOutAt(state);
  return at === madeAt(state) ? at : null;
}
