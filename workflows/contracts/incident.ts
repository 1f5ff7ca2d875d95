import { z } from 'zod';
import { Instant, SiteName } from '../../tools/contract.ts';

export const Outcome = z.enum(['resolved', 'rolled_back', 'rejected', 'healthy', 'expired', 'cancelled', 'failed', 'unknown']);
export type Outcome = z.infer<typeof Outcome>;

export const IncidentState = z.enum(['queued', 'investigating', 'awaiting_approval', 'executing', 'closed']);
export type IncidentState = z.infer<typeof IncidentState>;

export const IncidentSource = z.enum(['slack', 'api', 'cli', 'pagerduty', 'alertmanager', 'linear']);

/** Where people talk about it. */
export const SlackThread = z.object({ team: z.string(), channel: z.string(), threadTs: z.string() });
export type SlackThread = z.infer<typeof SlackThread>;

export const Incident = z.object({
  id: z.string(),
  /** Deduplication key; the workflow id is `incident:<key>`. */
  key: z.string(),
  title: z.string(),
  text: z.string(),
  source: IncidentSource,
  service: z.string().nullable(),
  site: SiteName.nullable(),
  state: IncidentState,
  outcome: Outcome.nullable(),
  /** Person id of who opened it; null for webhooks and service tokens. */
  requester: z.string().nullable(),
  /** Person ids of whoever else had a part in what is asked for, e.g. by answers to the planner: they count as requesters. */
  coRequesters: z.array(z.string()).optional(),
  slack: SlackThread.nullable(),
  createdAt: Instant,
  closedAt: Instant.nullable(),
});
export type Incident = z.infer<typeof Incident>;

/** Everybody who asked for its plans. */
export function requestersOf({ requester, coRequesters = [] }: Pick<Incident, 'requester' | 'coRequesters'>): readonly string[] {
  return requester === null ? coRequesters : [requester, ...coRequesters];
}

/** Start argument of the incident workflow, and what continue-as-new carries over. */
export interface IncidentArgs {
  readonly incidentId: string;
  /** Set when the run continues while that plan waits for its approval. */
  readonly waitingPlanId?: string;
  /** How often the fix was asked for anew, because what was approved did not hold any more. */
  readonly round?: number;
}

/** Start argument of a second look. */
export interface LookArgs {
  readonly incidentId: string;
  /** 1 for the first one of the incident. */
  readonly number: number;
}

/** What a person says to what was asked of them in the thread: untrusted text, from a person whom the program knows. */
export interface Told {
  /** Person id. */
  readonly person: string;
  readonly text: string;
}

/** The signal `wake`: look at the system of record again. */
export const Wake = z.object({ reason: z.enum(['vote', 'cancel', 'message']) });
export type Wake = z.infer<typeof Wake>;
