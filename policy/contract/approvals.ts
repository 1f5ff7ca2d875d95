import { z } from 'zod';
import { GroupNeed } from './autonomy.ts';
import { Count, Groups, PersonId, Roles } from './basics.ts';

export const Verdict = z.enum(['approve', 'reject', 'request_changes']);

/** Whose approval is needed. */
export const PolicyApprovals = z.strictObject({
  /** 0: none. Never less than what a group is asked for. */
  needed: Count,
  /** An approval counts when its person has one of these roles. */
  roles: Roles,
  excludeRequester: z.boolean(),
  /** So many of the approvals that count, at least, come from each group; one person may count for several. */
  groups: z.array(GroupNeed).max(1000).default([]),
});
export type PolicyApprovals = z.infer<typeof PolicyApprovals>;

/** Votes of one request. Roles and groups are those that the people have now (none once deactivated). */
export const CountedVotes = z.array(z.strictObject({ person: PersonId, roles: Roles, groups: Groups, verdict: Verdict })).max(500);

/** Who may break the glass, and for how long at most. */
export const BreakGlassSettings = z.strictObject({ roles: Roles, maxMinutes: Count });
export type BreakGlassSettings = z.infer<typeof BreakGlassSettings>;

/** A glass that was broken for a request. `roles` are those that the person has now. */
export const BreakGlass = z.strictObject({ person: PersonId, roles: Roles, atMs: Count, untilMs: Count });
