import { z } from 'zod';
import { Authority } from '../authority.ts';
import { TwoSources } from '../credentials.ts';

export const settings = z
  .strictObject({
    url: z.url(),
    organization: z.int().positive().optional().describe('Id; unset: that of the service accounts.'),
    token: TwoSources.describe('Tokens of two service accounts: reads never use the one that writes.'),
    ca: Authority.optional(),
  })
  .describe('Dashboards, annotations, alert rules and silences.');
