import { z } from 'zod';
import { TwoSources } from '../credentials.ts';

export const settings = z
  .strictObject({
    kubeconfig: TwoSources.optional().describe(
      'Of its own where releases are kept in Secrets, which the credentials for other reads should not see.',
    ),
    driver: z.enum(['secret', 'configmap']).default('secret').describe('Where releases are kept.'),
    charts: z
      .array(
        z.string().regex(/^(https?|oci):\/\/[^\s]+$/, 'is an address such as https://charts.example/ or oci://registry.example/charts/'),
      )
      .max(100)
      .default([])
      .describe('Addresses that charts may come from, by how they begin; none: no release is upgraded.'),
  })
  .describe('Releases of Helm in the cluster of `kubernetes`.');
