import { z } from 'zod';

/** `playbooks` of `watchkeeper.yaml`. */
export const PlaybookSettings = z.strictObject({
  directory: z
    .string()
    .min(1)
    .optional()
    .describe('Directory with your own playbooks (NAME.yaml). It is watched; one with the name of a playbook that ships replaces it.'),
  disabled: z.array(z.string()).max(300).default([]).describe('Names of playbooks that are not used.'),
});

/** `memory` of `watchkeeper.yaml`. */
export const MemorySettings = z.strictObject({
  days: z
    .int()
    .min(0)
    .max(3_650)
    .default(365)
    .describe('Days for which resolved incidents are remembered, to be shown beside similar ones; 0: not at all.'),
});
