import type { RolloutState } from '../../tools/kubernetes/rollout-state.ts';

/** The newest earlier revision, one that still has ready pods first; null when there is none to return to. */
export function goodRevision(state: RolloutState): { readonly revision: number; readonly proven: boolean } | null {
  const earlier = state.revisions
    .filter(({ revision }) => revision > 0 && revision < state.revision)
    .toSorted((a, b) => b.revision - a.revision);
  const serving = earlier.find(({ readyReplicas }) => (readyReplicas ?? 0) > 0);
  const chosen = serving ?? earlier[0];
  return chosen === undefined ? null : { revision: chosen.revision, proven: serving !== undefined };
}
