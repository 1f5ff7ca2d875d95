import { z } from 'zod';

/** An object as the API server, or a manifest, gives it. Numbers in places of strings are common in manifests. */
export const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
export const Texts = z
  .record(z.string(), Text.nullable())
  .nullish()
  .transform(
    (map): Record<string, string> =>
      Object.fromEntries(Object.entries(map ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]]))),
  );

export const Meta = z.looseObject({
  name: Text,
  namespace: z.string().nullish(),
  labels: Texts,
  annotations: Texts,
  creationTimestamp: z.string().nullish(),
  generation: z.number().nullish(),
});

export const Port = z.union([z.number(), z.string()]).transform((port) => {
  const number = Number(port);
  return Number.isNaN(number) ? String(port) : number;
});

/** Where an object was seen. */
export interface Place {
  readonly observation: string;
  readonly site: string;
  /** For manifests that leave it out. */
  readonly namespace: string;
}

export const placeOf = (place: Place, meta: { readonly namespace?: string | null | undefined; readonly name: string }) => ({
  observation: place.observation,
  site: place.site,
  namespace: meta.namespace ?? place.namespace,
  name: meta.name,
});
