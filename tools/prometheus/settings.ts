import { z } from 'zod';
import { access, oneAccess } from '../access.ts';
import { Authority } from '../authority.ts';

export const settings = z.strictObject({ url: z.url(), ca: Authority.optional(), ...access }).refine(...oneAccess);
