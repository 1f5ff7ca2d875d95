import { z } from 'zod';

export const settings = z.strictObject({ url: z.url() });
