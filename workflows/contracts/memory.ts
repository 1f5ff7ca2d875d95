import { z } from 'zod';
import { Instant } from '../../tools/contract.ts';

/** Outcomes that are remembered: something was changed. */
export const RememberedOutcome = z.enum(['resolved', 'rolled_back', 'failed']);
export type RememberedOutcome = z.infer<typeof RememberedOutcome>;

/** An incident that ended with a change, in inert, redacted words. It proves nothing about another one. */
export const Memory = z.object({
  incidentId: z.string(),
  title: z.string(),
  service: z.string().nullable(),
  site: z.string().nullable(),
  causes: z.array(z.string()),
  entities: z.array(z.string()),
  cause: z.string(),
  fix: z.string(),
  operations: z.array(z.string()),
  outcome: RememberedOutcome,
  at: Instant,
});
export type Memory = z.infer<typeof Memory>;

/** One that is like the present incident; `because`: what they have in common, in our words. */
export const Similar = Memory.extend({ because: z.array(z.enum(['same cause', 'same service', 'same entity', 'similar words'])) });
export type Similar = z.infer<typeof Similar>;
