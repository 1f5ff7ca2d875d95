import type { ContainerSnapshot, PodSnapshot } from '../../tools/kubernetes/pod-snapshot.ts';
import { bounded } from './bounded.ts';

export interface ContainerFailure {
  readonly cause: 'image_pull_failure' | 'container_config_error' | 'crash_loop';
  readonly container: string;
  /** What Kubernetes says, for people. */
  readonly excerpt: string;
}

/** Waiting reasons of the kubelet. Source: kubernetes/pkg/kubelet/images and kuberuntime. */
const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
]);
const configReasons = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

const said = (reason: string, message: string | null) =>
  bounded(message === null || message === '' ? reason : `${reason}: ${message}`, 400);

function waitingFailure({ name, state }: ContainerSnapshot): ContainerFailure | null {
  if (state?.kind !== 'waiting') return null;
  const excerpt = said(state.reason, state.message);
  if (imageReasons.has(state.reason)) return { cause: 'image_pull_failure', container: name, excerpt };
  if (configReasons.has(state.reason)) return { cause: 'container_config_error', container: name, excerpt };
  return state.reason === 'CrashLoopBackOff' ? { cause: 'crash_loop', container: name, excerpt } : null;
}

function crashed({ name, ready, restartCount, state, lastState }: ContainerSnapshot): ContainerFailure | null {
  const end = state?.kind === 'terminated' ? state : lastState;
  if (ready || end?.kind !== 'terminated' || end.exitCode === 0) return null;
  // A container that runs again after one bad end may have met an accident of its node; the second is its own.
  if (state?.kind === 'running' && restartCount < 2) return null;
  return { cause: 'crash_loop', container: name, excerpt: said(`${end.reason}, exit code ${end.exitCode}`, end.message) };
}

/** Their pods are started again where they are: one that failed for good was evicted or lost its node, and another took its place. */
const replacing: ReadonlySet<string> = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet']);

export const isReplaced = ({ phase, owner }: PodSnapshot) => phase === 'Failed' && replacing.has(owner?.kind ?? '');

/** Why a pod's containers do not run; null when none fails. */
export function containerFailure(pod: PodSnapshot): ContainerFailure | null {
  if (isReplaced(pod)) return null;
  for (const container of pod.containers) {
    const failure = waitingFailure(container) ?? crashed(container);
    if (failure !== null) return failure;
  }
  return null;
}
