import { z } from 'zod';

export const settings = z.strictObject({ url: z.url() }).describe('Alerts are read and silences written there, by amtool.');
