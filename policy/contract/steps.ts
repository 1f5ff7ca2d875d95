import { z } from 'zod';
import { Impact } from '../../tools/contract.ts';
import { Autonomy } from './autonomy.ts';
import { CoRequesters, Count, Milliseconds, Namespace, PersonId, ServiceName, Site } from './basics.ts';
import { ChangeWindow, Clocks, Freeze } from './calendar.ts';

/** A step as policy sees it; `tier` is the registry's. */
export const PolicyStep = z.strictObject({
  id: z.string().min(1).max(100),
  operation: z.string().max(200),
  /** Whether the operation is in the registry. */
  known: z.boolean(),
  tier: z.string().max(20),
  site: Site,
  namespace: Namespace.nullable(),
  /** The configured service that the step changes; null: none, or not known. */
  service: ServiceName.nullable(),
  /** How many owners that service has. */
  owners: Count,
  /** Null: not known, which no budget allows. */
  impact: Impact.nullable(),
  hasDryRun: z.boolean(),
  reversible: z.boolean(),
  /** Whether Git would undo it. `apart`: it contradicts nothing that Git says. `unknown` is denied. */
  ownership: z.strictObject({ kind: z.enum(['apart', 'none', 'git', 'unknown']), by: z.string().max(500).nullable() }),
});
export type PolicyStep = z.infer<typeof PolicyStep>;

/** `percentPerStep` is of the workload. */
export const PolicyBudgets = z.strictObject({
  stepsPerPlan: Count,
  targetsPerStep: Count,
  replicasPerStep: Count,
  percentPerStep: Count,
  writesPerHour: Count,
});
export type PolicyBudgets = z.infer<typeof PolicyBudgets>;

/** What every question about steps brings. */
export const planFields = {
  nowMs: Milliseconds,
  /** Null where nobody asked (webhooks). */
  requester: PersonId.nullable(),
  requesters: CoRequesters,
  steps: z.array(PolicyStep).max(100),
  autonomy: Autonomy,
  budgets: PolicyBudgets,
  usage: z.strictObject({ writesLastHour: Count }),
  freezes: z.array(Freeze).max(500),
  windows: z.array(ChangeWindow).max(500),
  clocks: Clocks,
};
