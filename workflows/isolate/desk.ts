import type { Outcome, Told } from '../contracts/incident.ts';
import type { Progress } from '../ports.ts';

/** How an incident, or one round of it, ends. */
export interface Ending {
  readonly outcome: Outcome;
  readonly summary: string;
  readonly planId: string | null;
}

/** What people and the work itself left on the desk, as handlers and phases see it. */
export interface Desk {
  wakes: number;
  cancelled: boolean;
  /** The plan that is stored, once there is one. */
  planId: string | null;
  /** From here on something may have been changed. */
  executing: boolean;
  /** How often the fix was asked for anew. */
  round: number;
  /** Whether people were asked, and their answers are waited for. */
  asking: boolean;
  /** What they answered. */
  readonly told: Told[];
  /** The investigation's progress as shown last. */
  progress: Progress | null;
}
