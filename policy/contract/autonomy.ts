import { z } from 'zod';
import { OperationName, SiteName, Tier } from '../../tools/contract.ts';
import { Group, Namespace, ServiceName, Timezone } from './basics.ts';
import { Minute, Weekday } from './calendar.ts';

/** Minutes of the local day, end exclusive, on the named days. */
const AutonomyWindow = z
  .strictObject({
    days: z.array(Weekday).min(1).max(7),
    fromMinute: Minute,
    toMinute: z.number().int().min(1).max(1440),
    timezone: Timezone.optional().describe('Name of the IANA database; UTC when absent.'),
  })
  .refine((window) => window.fromMinute < window.toMinute, 'a window ends after it starts, on the same day');

const target = {
  operation: z.union([OperationName, z.literal('*')]).optional(),
  site: z.union([SiteName, z.literal('*')]).optional(),
  environment: z.string().max(100).optional(),
  namespace: Namespace.optional(),
  service: ServiceName.optional(),
  tier: z.union([Tier, z.literal('*')]).optional(),
  windows: z.array(AutonomyWindow).max(50).optional(),
};

const Approvals = z.number().int().min(1).max(20);

export const GroupNeed = z.strictObject({ group: Group, needed: Approvals });
export type GroupNeed = z.infer<typeof GroupNeed>;

/** What a rule of mode `require` asks for, on top of what the tier does. */
const requirement = {
  needed: Approvals.default(1).describe('At least so many approvals.'),
  roles: z
    .array(z.enum(['responder', 'approver', 'admin']))
    .min(1)
    .optional()
    .describe("Narrows the tier's roles to these."),
  groups: z.array(GroupNeed).max(20).optional().describe('At least so many of the approvals from each group.'),
  owners: Approvals.optional().describe("At least so many of the approvals from owners of the step's service."),
  separateDuties: z.boolean().optional().describe("The requester's own approval does not count, in tier low either."),
};

/**
 * One rule of the configuration. What it leaves out, or names `*`, it matches; `tier` is the tier that a step counts as. A step that
 * was raised keeps the rules of the tiers that it passed; `raise` itself goes by the tier before. `automatic` moves tier low only; the
 * other modes tighten.
 */
export const AutonomyRule = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('deny'), ...target }),
  z.strictObject({ mode: z.literal('automatic'), ...target }),
  z.strictObject({ mode: z.literal('raise'), to: z.enum(['medium', 'high']), ...target }),
  z.strictObject({ mode: z.literal('require'), ...requirement, ...target }),
  z.strictObject({ mode: z.literal('pull_request'), ...target }).describe('Git owns these targets: what it would undo is refused.'),
]);
export type AutonomyRule = z.infer<typeof AutonomyRule>;

export const Autonomy = z.strictObject({ rules: z.array(AutonomyRule).max(500) });
