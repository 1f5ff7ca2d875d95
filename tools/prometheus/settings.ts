import { z } from 'zod';
import { Authority } from '../authority.ts';

export const settings = z.strictObject({ url: z.url(), ca: Authority.optional() });
