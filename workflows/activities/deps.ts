import type { Logger } from 'pino';
import type { BreakGlassSettings } from '../../policy/contract/approvals.ts';
import type { AutonomyRule } from '../../policy/contract/autonomy.ts';
import type { PolicyBudgets } from '../../policy/contract/steps.ts';
import type { Policy } from '../../policy/decide.ts';
import type { GrantClaims, ToolAnswer, ToolCall } from '../../tools/contract.ts';
import type { Registry } from '../../tools/registry.ts';
import type { Model } from '../model.ts';
import type { PlaybookSet } from '../playbooks/compiled.ts';
import type { Labels } from '../playbooks/match.ts';
import type {
  Chat,
  DecisionStore,
  Estate,
  FindingStore,
  IncidentStore,
  LookStore,
  Membership,
  MemoryStore,
  ObservationStore,
  Pages,
  PlanStore,
} from '../ports.ts';

/** What an entry of the calendar speaks of: a list that is left out is everything. */
export interface CalendarScope {
  readonly sites?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
}

/** RFC 3339 instants. */
interface FreezeEntry extends CalendarScope {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Times as HH:MM, days from 0 (Sunday). */
interface WindowEntry extends CalendarScope {
  readonly name: string;
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
}

/** Limits that configuration sets. */
export interface Autonomy {
  readonly approvalMinutes: number;
  readonly rules: readonly AutonomyRule[];
  readonly budgets: Readonly<PolicyBudgets>;
  readonly freezes: readonly FreezeEntry[];
  readonly windows: readonly WindowEntry[];
  /** In which the calendar is told to people. */
  readonly timezone: string;
  /** Null: off. */
  readonly breakGlass: BreakGlassSettings | null;
}

/** What a person may do now. */
export interface Standing {
  readonly roles: readonly string[];
  readonly groups: readonly string[];
}

/** Everything that activities reach. Built once by the worker role. */
export interface Deps {
  readonly incidents: IncidentStore;
  readonly looks: LookStore;
  readonly observations: ObservationStore;
  readonly findings: FindingStore;
  readonly memories: MemoryStore;
  readonly plans: PlanStore;
  readonly decisions: DecisionStore;
  readonly chat: Chat;
  readonly pages: Pages;
  readonly registry: Registry;
  readonly policy: Policy;
  readonly model: Model;
  readonly estate: Estate;
  /** Null: nobody whom the program knows any more. */
  readonly standing: (person: string) => Promise<Standing | null>;
  /** Whether the accounts of those who answered are still good. */
  readonly membership: Membership;
  readonly autonomy: Autonomy;
  /** Those that are in use now. */
  readonly playbooks: () => PlaybookSet;
  /** Reads with the worker's own credentials (own-reads.ts). Throws what the store throws. */
  readonly callOwn: (call: ToolCall) => Promise<ToolAnswer>;
  /** Labels of each alert of an incident. */
  readonly alertLabels: (incidentId: string) => Promise<readonly Labels[]>;
  /** Runs what may take minutes: `signal` fires when the workflow does not want it any more. */
  readonly attended: <T>(run: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  readonly counted: { dropped(reason: string): void };
  /** Where people find these; null: no public address is configured. */
  readonly addresses?: { incident(id: string): string | null; plan(id: string): string | null };
  readonly redactionVersion: string;
  readonly signGrant: (claims: GrantClaims) => Promise<string>;
  readonly now: () => Date;
  readonly log: Logger;
}
