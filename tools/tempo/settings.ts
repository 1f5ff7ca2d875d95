import { z } from 'zod';
import { Authority } from '../authority.ts';
import { TwoSources } from '../credentials.ts';

export const settings = z
  .strictObject({
    url: z.url().describe('The query frontend of Tempo.'),
    tenant: z
      .string()
      .regex(/^[A-Za-z0-9!_.*'()|-]{1,150}$/, 'must be the name of a tenant')
      .optional()
      .describe('Sent as X-Scope-OrgID.'),
    token: TwoSources.optional().describe('Bearer tokens, where something that asks for them stands before Tempo.'),
    ca: Authority.optional(),
  })
  .describe('Traces.');
