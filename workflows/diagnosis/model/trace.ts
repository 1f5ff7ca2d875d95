import type { TraceSummary } from '../../../tools/tempo/trace/summary.ts';
import type { Seen } from './seen.ts';

/** A trace in which spans of a service failed: found, not read yet. */
export interface SeenFailedTrace extends Seen {
  readonly traceId: string;
}

/** A trace that was read. */
export interface SeenTrace extends Seen {
  readonly traceId: string;
  readonly summary: TraceSummary;
}

/** A service of the configuration that traces name. */
export interface SeenTraced extends Seen {
  readonly namespace: string;
  readonly name: string;
  readonly traceName: string;
}
