import { z } from 'zod';
import { TwoFiles } from '../credentials.ts';

export const settings = z
  .strictObject({
    url: z.url(),
    organization: z.int().positive().optional().describe('Id; unset: that of the service accounts.'),
    token: TwoFiles.describe('Files that hold the tokens of two service accounts: reads never use the one that writes.'),
  })
  .describe('Dashboards, annotations, alert rules and silences.');
