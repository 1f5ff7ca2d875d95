import { z } from 'zod';
import { ageOf } from './deliveries.ts';
import type { SeenChange } from './model/change.ts';
import type { Kept } from './observed.ts';

const Got = z.object({
  objects: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string(), creationTimestamp: z.string().nullish() }) })),
});

/**
 * Config maps that are new, as those are whose name holds a hash of what is in them. When one was edited in place, the API server does not tell
 * anybody who may only read.
 */
export function toldConfigMaps(kept: readonly Kept[], at: Date): readonly SeenChange[] {
  return kept.flatMap(({ id, body }): SeenChange[] => {
    const { kind, namespace } = body.input;
    if (kind !== 'configmap' || typeof namespace !== 'string') return [];
    return (Got.safeParse(body.output).data?.objects ?? []).flatMap(({ metadata: { name, creationTimestamp } }): SeenChange[] => {
      const age = ageOf(creationTimestamp ?? null, at);
      if (age === null) return [];
      const entity = { kind: 'configmap', namespace, name };
      const words = `the config map ${name} was created`;
      return [
        { observation: id, site: body.site, kind: 'configuration', source: 'the cluster', entity, services: [], age, words, url: null },
      ];
    });
  });
}
