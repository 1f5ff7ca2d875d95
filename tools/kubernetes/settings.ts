import { z } from 'zod';
import { TwoFiles } from '../credentials.ts';

export const settings = z
  .strictObject({ context: z.string().min(1), kubeconfig: TwoFiles })
  .describe('Two credentials: reads never use the one that writes.');
