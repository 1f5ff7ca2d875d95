import { expect, test } from 'vitest';
import type { ContainerSnapshot, PodSnapshot } from '../../tools/kubernetes/pod-snapshot.ts';
import { containerFailure } from './container-failure.ts';

const waiting = (reason: string) => ({ kind: 'waiting' as const, reason, message: 'back-off' });
const running = { kind: 'running' as const, startedAt: null };
const ended = (exitCode: number, reason = 'Error') => ({
  kind: 'terminated' as const,
  reason,
  message: null,
  exitCode,
  signal: null,
  startedAt: null,
  finishedAt: null,
});

function podWith(...changes: Partial<ContainerSnapshot>[]): PodSnapshot {
  const containers = changes.map((change, index) => ({
    name: `c${index}`,
    init: false,
    image: 'i',
    ready: false,
    restartCount: 0,
    state: null,
    lastState: null,
    limits: {},
    ...change,
  }));
  return {
    namespace: 'shop',
    name: 'p',
    uid: 'u',
    phase: 'Running',
    reason: null,
    message: null,
    ready: false,
    deleting: false,
    node: null,
    owner: null,
    templateHash: null,
    startedAt: null,
    containers,
    conditions: [],
  };
}

test.each([
  ['nothing reported yet', {}, null],
  ['being created', { state: waiting('ContainerCreating') }, null],
  ['image cannot be pulled', { state: waiting('ErrImagePull') }, 'image_pull_failure'],
  ['image back-off', { state: waiting('ImagePullBackOff') }, 'image_pull_failure'],
  ['image name is none', { state: waiting('InvalidImageName') }, 'image_pull_failure'],
  ['config map is missing', { state: waiting('CreateContainerConfigError') }, 'container_config_error'],
  ['cannot be run', { state: waiting('RunContainerError') }, 'container_config_error'],
  ['crash back-off', { state: waiting('CrashLoopBackOff') }, 'crash_loop'],
  ['just ended with an error', { state: ended(1) }, 'crash_loop'],
  ['killed for memory', { state: ended(137, 'OOMKilled') }, 'crash_loop'],
  ['ended well', { state: ended(0, 'Completed') }, null],
  ['runs, was restarted once', { state: running, lastState: ended(1), restartCount: 1 }, null],
  ['runs, was restarted twice, not ready', { state: running, lastState: ended(1), restartCount: 2 }, 'crash_loop'],
  ['runs again and is ready', { state: running, lastState: ended(1), restartCount: 9, ready: true }, null],
  ['a healthy init container', { init: true, state: ended(0, 'Completed'), ready: true }, null],
] as [string, Partial<ContainerSnapshot>, string | null][])('%s', (_, change, cause) => {
  expect(containerFailure(podWith(change))?.cause ?? null).toBe(cause);
});

test('the first container that fails speaks for its pod', () => {
  const failure = containerFailure(podWith({ state: running, ready: true }, { state: waiting('ErrImagePull') }, { state: ended(1) }));
  expect(failure).toEqual({ cause: 'image_pull_failure', container: 'c1', excerpt: 'ErrImagePull: back-off' });
});

test.each([
  ['ReplicaSet', null],
  ['StatefulSet', null],
  ['Job', 'crash_loop'],
])('a pod of a %s that failed for good fails only where nobody makes another one', (kind, cause) => {
  const left = { ...podWith({ state: ended(143) }), phase: 'Failed', reason: 'NodeShutdown', owner: { kind, name: 'web' } };
  expect(containerFailure(left)?.cause ?? null).toBe(cause);
});
