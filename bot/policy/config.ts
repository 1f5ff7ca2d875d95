import { z } from 'zod';
import { bundleProblem } from './bundle-url.ts';

const Cidr = z.union([z.cidrv4(), z.cidrv6()]);

export const Network = z.string().refine((network) => Cidr.safeParse(network).success, 'must be a network, e.g. 10.20.0.0/16');

/** `policy` of `watchkeeper.yaml`. */
export const PolicyConfig = z.strictObject({
  bundle: z
    .string()
    .min(1)
    .superRefine((bundle, context) => {
      const message = bundleProblem(bundle);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .optional()
    .describe(
      'A compiled policy that decides in place of the built-in one: a directory (policy.wasm, data.json), or the https address of an archive (opa build -t wasm).',
    ),
  networks: z.array(Network).default([]).describe('Networks that are not public and that the address of policy.bundle may lead to.'),
});
