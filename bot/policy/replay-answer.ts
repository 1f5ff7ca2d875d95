import { z } from 'zod';

const Need = z.object({
  verdict: z.enum(['allow', 'deny', 'needs_approval']),
  needed: z.number().int(),
  roles: z.array(z.string()),
  excludeRequester: z.boolean(),
  groups: z.array(z.object({ group: z.string(), needed: z.number().int() })),
});
export type Need = z.infer<typeof Need>;

const Place = z.object({
  id: z.string(),
  at: z.string(),
  incident: z.string().nullable(),
  plan: z.string().nullable(),
  step: z.string().nullable(),
  question: z.string(),
});

/** What a policy would have decided otherwise. One part of the whole where `next` is not null. */
export const Replay = z.object({
  /** Hash of the bundle that was tried. */
  bundle: z.string(),
  /** Decisions that it answered, the changed ones included. */
  evaluated: z.number().int(),
  changed: z.array(Place.extend({ before: Need, after: Need.extend({ reasons: z.array(z.string()), rules: z.array(z.string()) }) })),
  /** Decisions that it gives no answer to, or whose record is not of a known form. */
  unanswered: z.array(Place.extend({ reason: z.string() })),
  /** Send as `cursor` for the decisions that follow; null: these were the last. */
  next: z.string().nullable(),
});
export type Replay = z.infer<typeof Replay>;
