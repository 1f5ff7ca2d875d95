import { z } from 'zod';
import { Condition } from './objects.ts';

const RunningState = z.object({ kind: z.literal('running'), startedAt: z.string().nullable() });
const WaitingState = z.object({ kind: z.literal('waiting'), reason: z.string(), message: z.string().nullable() });
const TerminatedState = z.object({
  kind: z.literal('terminated'),
  reason: z.string(),
  message: z.string().nullable(),
  exitCode: z.number().int(),
  signal: z.number().int().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});

/** What a container does now, or what its last instance came to. */
export const ContainerState = z.discriminatedUnion('kind', [RunningState, WaitingState, TerminatedState]);
export type ContainerState = z.infer<typeof ContainerState>;

export const ContainerSnapshot = z.object({
  name: z.string(),
  init: z.boolean(),
  image: z.string(),
  ready: z.boolean(),
  restartCount: z.number().int(),
  /** Null: the kubelet has not reported yet. */
  state: ContainerState.nullable(),
  lastState: ContainerState.nullable(),
  /** As written in the pod: `100m`, `128Mi`. */
  limits: z.record(z.string(), z.string()),
});
export type ContainerSnapshot = z.infer<typeof ContainerSnapshot>;

export const PodSnapshot = z.object({
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`. */
  phase: z.string(),
  /** Of the pod itself, e.g. `Evicted`. */
  reason: z.string().nullable(),
  message: z.string().nullable(),
  ready: z.boolean(),
  deleting: z.boolean(),
  node: z.string().nullable(),
  /** Its controller, e.g. a replica set. */
  owner: z.object({ kind: z.string(), name: z.string() }).nullable(),
  templateHash: z.string().nullable(),
  startedAt: z.string().nullable(),
  containers: z.array(ContainerSnapshot),
  conditions: z.array(Condition),
});
export type PodSnapshot = z.infer<typeof PodSnapshot>;
