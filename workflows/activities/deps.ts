import type { Logger } from 'pino';
import type { AutonomyRule } from '../../policy/contract.ts';
import type { Policy } from '../../policy/decide.ts';
import type { GrantClaims } from '../../tools/contract.ts';
import type { Registry } from '../../tools/registry.ts';
import type { Playbook } from '../playbooks/contract.ts';
import type { Chat, Estate, FindingStore, IncidentStore, ObservationStore, PlanStore } from '../ports.ts';

/** Limits that configuration sets. */
export interface Autonomy {
  readonly approvalMinutes: number;
  readonly rules: readonly AutonomyRule[];
  readonly budgets: { readonly stepsPerPlan: number; readonly targetsPerStep: number; readonly writesPerHour: number };
  readonly freezes: readonly { readonly name: string; readonly sites: readonly string[]; readonly from: string; readonly to: string }[];
}

/** Everything that activities reach. Built once by the worker role. */
export interface Deps {
  readonly incidents: IncidentStore;
  readonly observations: ObservationStore;
  readonly findings: FindingStore;
  readonly plans: PlanStore;
  readonly chat: Chat;
  readonly registry: Registry;
  readonly policy: Policy;
  readonly estate: Estate;
  readonly autonomy: Autonomy;
  readonly playbooks: readonly Playbook[];
  readonly redactionVersion: string;
  readonly signGrant: (claims: GrantClaims) => Promise<string>;
  readonly now: () => Date;
  readonly log: Logger;
}
