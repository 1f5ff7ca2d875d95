import { z } from 'zod';
import { beginningOf } from '../text.ts';
import { Condition, Metadata } from './objects.ts';
import type { ContainerSnapshot, ContainerState, PodSnapshot } from './pod-snapshot.ts';

const time = z.string().nullish();

const State = z.object({
  running: z.object({ startedAt: time }).optional(),
  waiting: z.object({ reason: z.string().default(''), message: z.string().optional() }).optional(),
  terminated: z
    .object({
      reason: z.string().default(''),
      message: z.string().optional(),
      exitCode: z.number(),
      signal: z.number().optional(),
      startedAt: time,
      finishedAt: time,
    })
    .optional(),
});

const ContainerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: State.optional(),
  lastState: State.optional(),
});

const Container = z.object({
  name: z.string(),
  image: z.string().default(''),
  resources: z.object({ limits: z.record(z.string(), z.coerce.string()).optional() }).optional(),
});
type Container = z.infer<typeof Container>;

export const PodObject = z.object({
  kind: z.literal('Pod'),
  metadata: Metadata.extend({ deletionTimestamp: time }),
  spec: z.object({ nodeName: z.string().optional(), containers: z.array(Container), initContainers: z.array(Container).optional() }),
  status: z
    .object({
      phase: z.string().default('Unknown'),
      reason: z.string().optional(),
      message: z.string().optional(),
      startTime: time,
      conditions: z.array(Condition).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
    })
    .prefault({}),
});
type PodObject = z.infer<typeof PodObject>;

/** What holds of every pod that is ready goes without saying. */
const usual: ReadonlySet<string> = new Set(['PodScheduled', 'Initialized', 'Ready', 'ContainersReady', 'PodReadyToStartContainers']);

export function podSnapshot({ metadata, spec, status }: PodObject): PodSnapshot {
  const ready = status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const statuses = [...status.initContainerStatuses, ...status.containerStatuses];
  const snapshot = (container: Container, init: boolean): ContainerSnapshot => containerSnapshot(container, init, statuses);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid,
    phase: status.phase,
    reason: status.reason ?? null,
    message: shortened(status.message),
    ready,
    deleting: metadata.deletionTimestamp != null,
    node: spec.nodeName ?? null,
    owner: owner === undefined ? null : { kind: owner.kind, name: owner.name },
    templateHash: metadata.labels?.['pod-template-hash'] ?? metadata.labels?.['controller-revision-hash'] ?? null,
    startedAt: status.startTime ?? null,
    containers: [
      ...(spec.initContainers ?? []).map((item) => snapshot(item, true)),
      ...spec.containers.map((item) => snapshot(item, false)),
    ],
    conditions: ready ? status.conditions.filter(({ type, status: value }) => !usual.has(type) || value !== 'True') : status.conditions,
  };
}

function containerSnapshot(container: Container, init: boolean, statuses: readonly z.infer<typeof ContainerStatus>[]): ContainerSnapshot {
  const status = statuses.find(({ name }) => name === container.name);
  return {
    name: container.name,
    init,
    image: container.image,
    ready: status?.ready ?? false,
    restartCount: status?.restartCount ?? 0,
    state: stateOf(status?.state),
    lastState: stateOf(status?.lastState),
    limits: container.resources?.limits ?? {},
  };
}

function stateOf(state: z.infer<typeof State> | undefined): ContainerState | null {
  if (state?.waiting !== undefined) return { kind: 'waiting', reason: state.waiting.reason, message: shortened(state.waiting.message) };
  if (state?.running !== undefined) return { kind: 'running', startedAt: state.running.startedAt ?? null };
  if (state?.terminated === undefined) return null;
  const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated;
  return {
    kind: 'terminated',
    reason,
    message: shortened(message),
    exitCode,
    signal: signal ?? null,
    startedAt: startedAt ?? null,
    finishedAt: finishedAt ?? null,
  };
}

/** Termination messages may hold up to 4 KiB of log. */
function shortened(message: string | undefined): string | null {
  return message === undefined ? null : beginningOf(message, 1000);
}
