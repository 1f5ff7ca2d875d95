import type { PodSnapshot } from '../../../tools/kubernetes/pod-snapshot.ts';
import type { PodSpec } from './pod-spec.ts';
import type { Labels, Seen, SeenObject } from './seen.ts';

/** What a pod is beyond its state; null parts were not observed. */
export interface PodDetail {
  readonly labels: Labels;
  readonly ip: string | null;
  readonly spec: PodSpec | null;
}

export interface SeenPod extends Seen {
  readonly pod: PodSnapshot;
  readonly detail?: PodDetail | undefined;
}

/** A deployment, stateful set or daemon set. */
export interface SeenWorkload extends SeenObject {
  readonly kind: string;
  readonly labels: Labels;
  readonly selector: Labels;
  /** Null: not written, so one; a daemon set has none. */
  readonly desired: number;
  readonly ready: number;
  readonly spec: PodSpec | null;
  /** RFC 3339; null: not observed. */
  readonly createdAt: string | null;
  /** It was changed, and its controller has not looked at that yet. */
  readonly unobserved?: boolean;
  /** Of a stateful set. */
  readonly serviceName: string | null;
}

export interface SeenJob extends SeenObject {
  readonly failed: number;
  readonly succeeded: number;
  readonly active: number;
  /** The reason of its condition `Failed`. */
  readonly failure: { readonly reason: string; readonly message: string } | null;
}

export interface SeenCronJob extends SeenObject {
  readonly schedule: string;
  readonly suspended: boolean;
  readonly lastScheduledAt: string | null;
  readonly startingDeadlineSeconds: number | null;
}

export interface SeenAutoscaler extends SeenObject {
  readonly target: { readonly kind: string; readonly name: string };
  readonly current: number;
  readonly desired: number;
  readonly maximum: number;
  /** Conditions that are false or limiting, in the words of the controller. */
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }[];
}

export interface SeenDisruptionBudget extends SeenObject {
  readonly selector: Labels;
  readonly allowed: number;
  readonly expectedPods: number;
  readonly desiredHealthy: number;
}

export interface SeenEvent extends Seen {
  readonly namespace: string;
  /** In lower case: `pod`, `replicaset`, `node`. */
  readonly kind: string;
  readonly name: string;
  readonly warning: boolean;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** Seconds before the snapshot when it was seen last; null: not known. */
  readonly age: number | null;
  /** Seconds before the snapshot when it was seen first. */
  readonly since?: number | null;
}
