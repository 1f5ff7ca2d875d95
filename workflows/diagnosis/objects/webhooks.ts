import { z } from 'zod';
import type { Objects } from '../model/index.ts';
import { Meta, type Place } from './common.ts';

const Configuration = z.looseObject({
  metadata: Meta,
  webhooks: z
    .array(
      z.looseObject({
        name: z.string(),
        failurePolicy: z.string().nullish(),
        clientConfig: z.looseObject({ service: z.looseObject({ namespace: z.string(), name: z.string() }).nullish() }),
      }),
    )
    .nullish(),
});

export function webhooks(value: unknown, { observation, site }: Place): Partial<Objects> {
  const parsed = Configuration.safeParse(value);
  if (!parsed.success) return {};
  return {
    webhooks: (parsed.data.webhooks ?? []).map(({ name, failurePolicy, clientConfig: { service } }) => ({
      observation,
      site,
      name: `${parsed.data.metadata.name}/${name}`,
      service: service == null ? null : { namespace: service.namespace, name: service.name },
      failurePolicy: failurePolicy ?? 'Fail',
    })),
  };
}
