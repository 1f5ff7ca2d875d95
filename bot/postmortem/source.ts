import type { Observation } from '../../tools/contract.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Evidence } from '../evidence/model.ts';

/** What was recorded, with its words. */
export interface Recorded {
  readonly kind: string;
  readonly body: {
    readonly at: string;
    readonly actor: { readonly kind: string; readonly id: string };
    readonly planId: string | null;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

export interface Metric {
  readonly id: string;
  readonly body: Observation;
}

/** Everything that a postmortem is made of. */
export interface Source {
  readonly incident: Incident;
  readonly summary: string | null;
  readonly evidence: Evidence;
  /** Observations of metrics. */
  readonly metrics: readonly Metric[];
  /** Oldest first. */
  readonly recorded: readonly Recorded[];
}
