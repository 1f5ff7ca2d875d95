import { z } from 'zod';

/** Where a list goes on, in the address of a page: what the API said, or the beginning. */
export const Cursor = z
  .string()
  .regex(/^[\w-]{0,300}$/)
  .catch('')
  .default('');
