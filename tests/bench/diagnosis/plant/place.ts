import { ownerOf } from '../../../../workflows/diagnosis/look.ts';
import type { ContainerSpec, PodSpec } from '../../../../workflows/diagnosis/model/pod-spec.ts';
import type { SeenEvent, SeenPod, SeenWorkload } from '../../../../workflows/diagnosis/model/workload.ts';
import type { Snapshot } from '../../../../workflows/diagnosis/snapshot.ts';

/** Where a fault is planted: a workload of an estate in which everything works. */
export interface Place {
  readonly estate: Snapshot;
  readonly workload: SeenWorkload & { readonly spec: PodSpec };
  readonly pods: readonly SeenPod[];
  readonly pod: SeenPod;
  readonly container: ContainerSpec;
}

/** One way in which a kind of fault shows; null: not in this place. `of`: whose fault it is. */
export interface Fault {
  readonly way: string;
  readonly cause: string;
  readonly of: 'app' | 'namespace';
  readonly plant: (at: Place) => Snapshot | null;
}

export function places(estate: Snapshot): readonly Place[] {
  return estate.workloads.flatMap((workload): Place[] => {
    const pods = estate.pods.filter((seen) => ownerOf(seen).name === workload.name);
    const [pod] = pods;
    const container = workload.spec?.containers[0];
    if (pod === undefined || container === undefined || workload.spec === null || workload.kind !== 'deployment') return [];
    return [{ estate, workload: { ...workload, spec: workload.spec }, pods, pod, container }];
  });
}

type Container = SeenPod['pod']['containers'][number];

export const waiting = (reason: string): Partial<Container> => ({
  restartCount: 0,
  lastState: null,
  state: { kind: 'waiting', reason, message: null },
});
export const ended = (reason: string, exitCode: number): Partial<Container> => ({
  restartCount: 4,
  state: { kind: 'waiting', reason: 'CrashLoopBackOff', message: null },
  lastState: { kind: 'terminated', reason, message: null, exitCode, signal: null, startedAt: null, finishedAt: null },
});

/** The estate with another spec of the workload; it has so many ready replicas. */
export function withSpec({ estate, workload }: Place, spec: Partial<PodSpec>, ready = 0, desired = workload.desired): Snapshot {
  const changed = { ...workload, ready, desired, spec: { ...workload.spec, ...spec } };
  return {
    ...estate,
    workloads: estate.workloads.map((one) => (one.name === workload.name && one.kind === workload.kind ? changed : one)),
  };
}

export const withContainer = (at: Place, over: Partial<ContainerSpec>): Partial<PodSpec> => ({
  containers: at.workload.spec.containers.map((one) => (one === at.container ? { ...one, ...over } : one)),
});

/** The pods of the workload are not ready. */
export function withPods(at: Place, snapshot: Snapshot, over: Partial<SeenPod['pod']>, container: Partial<Container> = {}): Snapshot {
  const changed = (seen: SeenPod): SeenPod => ({
    ...seen,
    pod: {
      ...seen.pod,
      ready: false,
      containers: seen.pod.containers.map((one) =>
        one.init || one.name !== at.container.name ? one : { ...one, ready: false, ...container },
      ),
      ...over,
    },
  });
  return { ...snapshot, pods: snapshot.pods.map((seen) => (at.pods.includes(seen) ? changed(seen) : seen)) };
}

export const withoutPods = (at: Place, snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  pods: snapshot.pods.filter((seen) => !at.pods.includes(seen)),
});

export function said(at: Place, snapshot: Snapshot, reason: string, message: string, over: Partial<SeenEvent> = {}): Snapshot {
  const { site, observation, pod } = at.pod;
  const place = { site, observation, namespace: pod.namespace, kind: 'pod', name: pod.name };
  return { ...snapshot, events: [...snapshot.events, { ...place, warning: true, reason, message, count: 5, age: 20, ...over }] };
}
