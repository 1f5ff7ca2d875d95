import type { Finding } from '../../contracts/finding.ts';
import { bounded } from '../bounded.ts';
import { goodRevision } from '../good-revision.ts';
import type { SeenRollout, Snapshot } from '../snapshot.ts';

function finding({ observation, site, kind, namespace, name, state }: SeenRollout): Finding {
  const good = goodRevision(state);
  const waiting = state.waitingFor ?? 'fewer replicas are available than are wanted';
  return {
    id: `unavailable:${site}/${namespace}/${name}/${state.uid}/${state.generation}`,
    analyzer: 'unavailable',
    title: bounded(`The rollout of ${name} does not finish`, 200),
    mechanism: bounded(`It exceeded its progress deadline: ${waiting}.`, 1_000),
    entity: { site, kind, namespace, name },
    cause: 'rollout_stuck',
    confidence: 0.7,
    refutedBy: 'The rollout is complete now.',
    edges: [
      { observation, relation: 'supports', excerpt: `${state.replicas.available} of ${state.replicas.desired} replicas are available` },
    ],
    facts: { workloadKind: kind, revision: state.revision, ...(good === null ? {} : { goodRevision: good.revision }) },
  };
}

/** A rollout exceeded its progress deadline. One that is merely under way is not a failure. */
export function unavailable(snapshot: Snapshot): readonly Finding[] {
  return snapshot.rollouts.filter(({ state }) => state.progressDeadlineExceeded && !state.complete).map(finding);
}
