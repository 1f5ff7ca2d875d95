import { z } from 'zod';
import { Authority } from '../authority.ts';
import { TwoFiles, TwoSources } from '../credentials.ts';

export const settings = z
  .strictObject({
    url: z.url().describe('Thanos Query, or its frontend.'),
    tenant: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, 'must be one word')
      .optional()
      .describe('Sent as THANOS-TENANT.'),
    token: TwoSources.optional().describe('Bearer tokens, where something that asks for them stands before Thanos.'),
    ca: Authority.optional(),
    blocks: z.url().optional().describe('Compactor or bucket web, asked for blocks where the program thanos is not installed.'),
    bucket: TwoFiles.optional().describe(
      'Object store configurations of two accounts, as --objstore.config-file takes them: blocks are listed with one, marked with the other.',
    ),
  })
  .describe('Queries over all stores, and the blocks in the bucket.');
