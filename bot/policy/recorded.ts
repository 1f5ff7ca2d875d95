import { z } from 'zod';
import type { RecordedDecision } from '../store/decisions.ts';

const Approvals = z.object({
  needed: z.number().int(),
  roles: z.array(z.string()),
  excludeRequester: z.boolean(),
  groups: z.array(z.object({ group: z.string(), needed: z.number().int() })).default([]),
});

/** What was asked and answered, as far as it is needed to show it; older programs recorded no rules and no groups. */
const Recorded = z.object({
  input: z.object({ question: z.string() }),
  result: z.object({
    verdict: z.enum(['allow', 'deny', 'needs_approval']),
    tier: z.string(),
    reasons: z.array(z.string()),
    rules: z.array(z.string()).default([]),
    approvals: Approvals,
  }),
});

/** A recorded decision, rule by rule. */
const Explanation = z.object({
  id: z.string(),
  at: z.string(),
  /** `plan`: what does it need; `execute`: may this step run now. */
  question: z.string(),
  step: z.string().nullable(),
  bundle: z.string(),
  verdict: z.enum(['allow', 'deny', 'needs_approval']),
  tier: z.string(),
  approvals: Approvals,
  /** Rules that fired, with what they say; the rule is null where none was recorded. */
  why: z.array(z.object({ rule: z.string().nullable(), reason: z.string() })),
});
export type Explanation = z.infer<typeof Explanation>;

export const ExplainAnswer = z.object({
  plan: z.string(),
  /** Oldest first. */
  items: z.array(Explanation),
  /** Decisions whose record is not of a known form. */
  unreadable: z.number().int(),
});
export type ExplainAnswer = z.infer<typeof ExplainAnswer>;

/** Null when the record is not of a form that is known. */
export function explain({ id, at, stepId, bundle, input, result }: RecordedDecision): Explanation | null {
  const recorded = Recorded.safeParse({ input, result });
  if (!recorded.success) return null;
  const { verdict, tier, approvals, reasons, rules } = recorded.data.result;
  const why = reasons.map((reason, index) => ({ rule: rules[index] ?? null, reason }));
  return { id, at, question: recorded.data.input.question, step: stepId, bundle, verdict, tier, approvals, why };
}
