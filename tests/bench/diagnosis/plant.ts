import { diagnose } from '../../../workflows/diagnosis/diagnose.ts';
import type { Case } from './cases.ts';
import { beforeStart } from './plant/before-start.ts';
import { inService } from './plant/in-service.ts';
import { places } from './plant/place.ts';
import { probeFaults } from './plant/probes.ts';
import { recordedSnapshot } from './recorded/snapshot.ts';
import type { Result } from './score.ts';
import { predictions } from './vocabulary.ts';

export interface Planted extends Result {
  readonly variation: string;
}

const faults = [...beforeStart, ...probeFaults, ...inService];

/** Of a recording in which only measures tell of a fault, the estate without them works: every fault in every workload of it, and none at all. */
export function planted(one: Case, cache: Readonly<Record<string, unknown>>): readonly Planted[] {
  if (one.category !== 'performance') return [];
  const quiet = Object.fromEntries(Object.entries(cache).filter(([key]) => !key.startsWith('GetAlerts')));
  const estate = recordedSnapshot(quiet, one.namespace);
  const of = (variation: string, snapshot: typeof estate, answer: Case['answer']): Planted => {
    const started = performance.now();
    const found = predictions(diagnose(snapshot));
    return { case: { ...one, category: 'planted', answer }, predictions: found, ms: Math.round(performance.now() - started), variation };
  };
  const broken = places(estate).flatMap((at) =>
    faults.flatMap(({ way, cause, of: whose, plant }) => {
      const snapshot = plant(at);
      const object = whose === 'app' ? `app/${at.workload.name}` : `namespace/${one.namespace}`;
      return snapshot === null ? [] : [of(`${cause}: ${way}`, snapshot, { fault_object: object, root_cause: cause })];
    }),
  );
  return [of('nothing', estate, null), ...broken];
}
