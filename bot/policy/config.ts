import { z } from 'zod';
import { Network } from '../../tools/network.ts';
import { bundleProblem } from './bundle-url.ts';

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
