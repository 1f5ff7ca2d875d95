import { z } from 'zod';
import { Authority } from '../authority.ts';

export const settings = z
  .strictObject({ url: z.url(), ca: Authority.optional() })
  .describe('Alerts are read and silences written there, by amtool.');
