import type { Seen } from './seen.ts';

/** Lines of a log that say the same, counted. */
export interface SeenLogTemplate extends Seen {
  readonly namespace: string;
  /** The workload, or the pod where the workload is not known. */
  readonly source: string;
  readonly sample: string;
  readonly count: number;
}

/** `latency` in seconds, `cpu` as a share of the limit, `cpu_cores` in cores, `cpu_throttling` as share of periods or in seconds. */
export type Metric =
  | 'latency'
  | 'throughput'
  | 'errors'
  | 'packets'
  | 'cpu'
  | 'cpu_cores'
  | 'cpu_throttling'
  | 'memory'
  | 'retransmissions'
  | 'packet_loss';

/** A measure that left its usual range. */
export interface SeenSignal extends Seen {
  readonly entity: { readonly kind: 'service' | 'node' | 'pod'; readonly namespace: string | null; readonly name: string };
  readonly metric: Metric;
  readonly normal: number | null;
  /** Null: there is none any more. */
  readonly current: number | null;
  readonly words: string;
}
