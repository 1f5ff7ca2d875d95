import { z } from 'zod';
import { RateSettings } from './rate.ts';

const Network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);

/** `http` in `watchkeeper.yaml`. */
export const HttpSettings = z.strictObject({
  trustedProxies: z
    .array(z.string().refine((network) => Network.safeParse(network).success, 'must be an address or a network, e.g. 10.20.0.0/16'))
    .max(50)
    .default([])
    .describe('Addresses or networks of load balancers in front: of them alone X-Forwarded-For is believed.'),
  limits: RateSettings.prefault({}),
});
export type HttpSettings = z.infer<typeof HttpSettings>;
