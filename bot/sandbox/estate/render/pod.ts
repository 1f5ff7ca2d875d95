import { startOfAttempt, timing } from '../model/pods.ts';
import { namespace, nodeName, type PodState } from '../model/state.ts';
import { type KubernetesObject, time } from './object.ts';
import { controlledBy } from './sets.ts';
import { podTemplate } from './template.ts';

/** A pod as it is at `now`. */
export function podObject(pod: PodState, now: number): KubernetesObject {
  const template = podTemplate(pod.template, pod.hash) as { spec: Record<string, unknown> };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(Object.keys(pod.template.annotations).length === 0 ? {} : { annotations: pod.template.annotations }),
      creationTimestamp: time(pod.createdAt),
      ...(pod.deletedAt === null ? {} : { deletionGracePeriodSeconds: 30, deletionTimestamp: time(pod.deletedAt + 30_000) }),
      generateName: `${pod.owner.name}-`,
      generation: 1,
      labels: { ...pod.template.labels, ...(pod.hash === null ? {} : { 'pod-template-hash': pod.hash }) },
      name: pod.name,
      namespace,
      ownerReferences: controlledBy('apps/v1', pod.owner.kind, pod.owner),
      resourceVersion: String(pod.resourceVersion),
      uid: pod.uid,
    },
    spec: {
      ...template.spec,
      enableServiceLinks: true,
      nodeName,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      serviceAccount: 'default',
      serviceAccountName: 'default',
    },
    status: status(pod, now),
  };
}

function status(pod: PodState, now: number): Record<string, unknown> {
  const ready = pod.stage === 'ready';
  const phase = ready || pod.attempts > 0 ? (pod.fault?.kind === 'image_pull' ? 'Pending' : 'Running') : 'Pending';
  const readiness = ready
    ? {}
    : { message: `containers with unready status: [${pod.template.container.name}]`, reason: 'ContainersNotReady' };
  const condition = (type: string, holds: boolean, extra = {}) => ({
    lastProbeTime: null,
    lastTransitionTime: time(holds && pod.readyAt !== null ? pod.readyAt : pod.createdAt),
    ...extra,
    status: holds ? 'True' : 'False',
    type,
  });
  return {
    conditions: [
      condition('PodReadyToStartContainers', true),
      condition('Initialized', true),
      condition('Ready', ready, readiness),
      condition('ContainersReady', ready, readiness),
      condition('PodScheduled', true),
    ],
    containerStatuses: [containerStatus(pod, now)],
    hostIP: '10.0.0.4',
    hostIPs: [{ ip: '10.0.0.4' }],
    phase,
    podIP: pod.ip,
    podIPs: [{ ip: pod.ip }],
    qosClass: 'Burstable',
    startTime: time(pod.createdAt),
  };
}

function containerStatus(pod: PodState, now: number): Record<string, unknown> {
  const { state, lastState } = containerState(pod, now);
  const ready = pod.stage === 'ready';
  return {
    ...(pod.attempts > 0 && pod.fault?.kind !== 'image_pull'
      ? { containerID: `containerd://${pod.uid.replaceAll('-', '').repeat(2)}` }
      : {}),
    image: pod.template.container.image,
    imageID: '',
    lastState,
    name: pod.template.container.name,
    ready,
    restartCount: restarts(pod),
    started: ready || 'running' in state,
    state,
  };
}

export function restarts(pod: PodState): number {
  return pod.fault?.kind === 'crash' ? Math.max(0, pod.attempts - 1) : 0;
}

type ContainerState = { state: Record<string, unknown>; lastState: Record<string, unknown> };

function containerState(pod: PodState, now: number): ContainerState {
  if (pod.attempts === 0) return { state: { waiting: { reason: 'ContainerCreating' } }, lastState: {} };
  const { image, name } = pod.template.container;
  if (pod.fault?.kind === 'image_pull')
    return {
      state: { waiting: { message: `Back-off pulling image "${image}": ErrImagePull: ${pod.fault.message}`, reason: 'ImagePullBackOff' } },
      lastState: {},
    };
  if (!pod.fault) return { state: { running: { startedAt: time(pod.createdAt + timing.start) } }, lastState: {} };
  const last = pod.attempts - 1;
  const running = now < startOfAttempt(pod, last) + timing.crashAfter;
  const lastState = running ? (last > 0 ? { terminated: terminated(pod, last - 1) } : {}) : { terminated: terminated(pod, last) };
  if (running) return { state: { running: { startedAt: time(startOfAttempt(pod, last)) } }, lastState };
  const wait = last === 0 ? 10 : Math.min(10 * 2 ** (last - 1), 300);
  return {
    state: {
      waiting: {
        message: `back-off ${wait >= 60 ? `${Math.floor(wait / 60)}m${wait % 60}s` : `${wait}s`} restarting failed container=${name} pod=${pod.name}_${namespace}(${pod.uid})`,
        reason: 'CrashLoopBackOff',
      },
    },
    lastState,
  };
}

function terminated(pod: PodState, attempt: number): Record<string, unknown> {
  const startedAt = startOfAttempt(pod, attempt);
  return {
    containerID: `containerd://${pod.uid.replaceAll('-', '').repeat(2)}`,
    exitCode: pod.fault?.kind === 'crash' ? pod.fault.exitCode : 0,
    finishedAt: time(startedAt + timing.crashAfter),
    reason: 'Error',
    startedAt: time(startedAt),
  };
}
