import { inTrouble, onePerOwner, ownerOf } from './look.ts';
import type { Snapshot } from './snapshot.ts';

export interface Symptom {
  readonly site: string;
  readonly namespace: string;
  /** The workload, or the service. */
  readonly name: string;
  readonly kind: 'waiting' | 'unready' | 'lacking' | 'errors';
  readonly words: string;
}

/** What is wrong for somebody, whether its cause is known or not. While there is one, nothing is healthy. */
export function symptoms(snapshot: Snapshot): readonly Symptom[] {
  const pods = onePerOwner(snapshot.pods.filter(inTrouble)).map((seen): Symptom => {
    const waiting = seen.pod.node === null && seen.pod.phase === 'Pending';
    const place = { site: seen.site, namespace: seen.pod.namespace, name: ownerOf(seen).name };
    return { ...place, kind: waiting ? 'waiting' : 'unready', words: `${seen.pod.name} is ${waiting ? 'without a node' : 'not ready'}` };
  });
  const known = new Set(pods.map(({ site, namespace, name }) => `${site}/${namespace}/${name}`));
  const rolled = snapshot.rollouts.map(({ state: { replicas }, ...place }) => ({
    ...place,
    have: replicas.available,
    want: replicas.desired,
  }));
  const listed = snapshot.workloads.map(({ ready, desired, ...place }) => ({ ...place, have: ready, want: desired }));
  const lacking = new Map(
    [...listed, ...rolled]
      .filter(({ site, namespace, name, have, want }) => have < want && !known.has(`${site}/${namespace}/${name}`))
      .map(({ site, namespace, name, have, want }): [string, Symptom] => [
        `${site}/${namespace}/${name}`,
        { site, namespace, name, kind: 'lacking', words: `${name} has ${have} of ${want} replicas` },
      ]),
  );
  const errors = snapshot.errorRates.flatMap(({ site, service, value }): Symptom[] =>
    value !== null && value > service.errorRateLimit
      ? [
          {
            site,
            namespace: service.namespace,
            name: service.name,
            kind: 'errors',
            words: `${service.name} fails more requests than it may`,
          },
        ]
      : [],
  );
  return [...pods, ...lacking.values(), ...errors];
}
