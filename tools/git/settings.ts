import { z } from 'zod';

export const Author = z
  .strictObject({
    name: z.string().regex(/^[^<>\p{Cc}]{1,100}$/u, 'must be a name on one line'),
    email: z.string().regex(/^[^<>\s\p{Cc}@]{1,100}@[^<>\s\p{Cc}@]{1,200}$/u, 'must be an address'),
  })
  .default({ name: 'Watchkeeper', email: 'watchkeeper@localhost' })
  .describe('Who commits and signs off.');
