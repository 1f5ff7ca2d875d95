import { z } from 'zod';
import { TwoSources } from '../credentials.ts';

export const settings = z
  .strictObject({ context: z.string().min(1), kubeconfig: TwoSources })
  .describe('Two credentials: reads never use the one that writes.');
