import { z } from 'zod';
import { OperationName } from '../../tools/contract.ts';

/** A literal, or `{from: …}`: a value of the finding (`facts.<name>`, `entity.<field>`). */
const Value = z.union([z.string(), z.number(), z.boolean(), z.strictObject({ from: z.string().regex(/^(facts|entity)\.[A-Za-z]+$/) })]);
export type PlaybookValue = z.infer<typeof Value>;

/** When it applies, and which plan it proposes. */
export const Playbook = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  summary: z.string(),
  when: z.strictObject({
    /** Any of these causes. */
    causes: z.array(z.string()).min(1),
    /** The finding must be at least this sure, 0 to 1. */
    confidence: z.number().min(0).max(1),
    /** Facts that the finding must carry. */
    facts: z.array(z.string()).default([]),
  }),
  propose: z.strictObject({
    goal: z.string(),
    steps: z
      .array(
        z.strictObject({
          operation: OperationName,
          input: z.record(z.string(), Value),
          /** Adds the check that the service's error rate is back below its limit, where the service has such a query. */
          verifyErrorRate: z.boolean().default(false),
        }),
      )
      .min(1),
  }),
});
export type Playbook = z.infer<typeof Playbook>;
