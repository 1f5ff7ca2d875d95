import { rolledOutAt } from '../../tools/kubernetes/rolled-out.ts';
import { deliveryChange } from './deliveries.ts';
import type { SeenChange } from './model/change.ts';
import type { Snapshot } from './snapshot.ts';

const cluster = { source: 'the cluster', services: [], url: null } as const;

function rollouts(snapshot: Snapshot): SeenChange[] {
  return snapshot.rollouts.flatMap(({ observation, site, kind, namespace, name, state }): SeenChange[] => {
    const at = Date.parse(rolledOutAt(state) ?? '');
    if (Number.isNaN(at)) return [];
    const age = (snapshot.at.getTime() - at) / 1_000;
    const words = `revision ${state.revision} of ${name} was rolled out`;
    return [{ ...cluster, observation, site, kind: 'rollout', entity: { kind, namespace, name }, age, words }];
  });
}

function deliveries(snapshot: Snapshot): SeenChange[] {
  return snapshot.deliveries.flatMap((delivery) => (delivery.age === null ? [] : [deliveryChange(delivery, delivery.age)]));
}

const nodeReasons =
  /^(Rebooted|NodeNotReady|NodeNotSchedulable|NodeHasInsufficient|Starting$|SystemOOM|KubeletSetupFailed|ContainerGCFailed)/;

function events(snapshot: Snapshot): SeenChange[] {
  return snapshot.events.flatMap(({ observation, site, namespace, kind, name, reason, message, age }): SeenChange[] => {
    if (age === null) return [];
    const seen = { ...cluster, observation, site, age };
    const scales =
      (kind === 'deployment' && reason === 'ScalingReplicaSet') || (kind === 'horizontalpodautoscaler' && reason === 'SuccessfulRescale');
    if (scales) return [{ ...seen, kind: 'scaling', entity: { kind, namespace, name }, words: message }];
    if (kind !== 'node' || !nodeReasons.test(reason)) return [];
    return [{ ...seen, kind: 'node', entity: { kind: 'node', namespace: null, name }, words: `${name}: ${reason} ${message}` }];
  });
}

/** Everything that was changed, each once: a list and a history tell of the same delivery. */
export function changed(snapshot: Snapshot): readonly SeenChange[] {
  const all = [...rollouts(snapshot), ...deliveries(snapshot), ...events(snapshot), ...snapshot.changes];
  const keyOf = ({ site, entity, words, age, kind }: SeenChange) =>
    JSON.stringify([site, kind, entity.kind, entity.namespace, entity.name, words, Math.round(age)]);
  const byKey = new Map<string, SeenChange>();
  for (const change of all) if (!byKey.has(keyOf(change))) byKey.set(keyOf(change), change);
  return [...byKey.values()];
}
