import { deployment, event, node, type Plant, pod } from './arbitraries.ts';
import { api, down, pending, unready, waiting } from './planted-testing.ts';

/** A node that says how much pods may ask for. */
const sized = (name: string, cpu: string, memory: string): unknown => ({
  ...(node(name) as object),
  status: { conditions: [{ type: 'Ready', status: 'True' }], allocatable: { cpu, memory } },
});
const small = [sized('worker-1', '4', '8Gi'), sized('worker-2', '3920m', '8Gi')];
const asking = (requests: object) => down({}, { resources: { requests } });
const apart = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'api' } } },
      ],
    },
  },
};
const another = (name: string, host: string) => {
  const one = pod('api', { node: host });
  return { ...one, pod: { ...one.pod, name, uid: name } };
};
/** Ended by itself, or by somebody, after so many seconds. */
const lasted = (seconds: number, exitCode: number, reason = 'Error') => ({
  restartCount: 3,
  lastState: {
    ...{ kind: 'terminated' as const, reason, message: null, exitCode, signal: null, startedAt: '2026-01-01T11:50:00.000Z' },
    finishedAt: new Date(Date.parse('2026-01-01T11:50:00.000Z') + seconds * 1_000).toISOString(),
  },
});
const creating = { ...waiting('ContainerCreating'), lastState: null };
const withSecrets = (name: string) => deployment(name, { imagePullSecrets: [{ name: 'registry' }] });

const elsewhere = "node(s) didn't match Pod's node affinity/selector";

/** What nobody tells of, in events or logs: the state of things and what they ask for do. */
export const unsaid: readonly (readonly [string, Plant, string, string])[] = [
  ['more CPU than any node has', { objects: [...small, asking({ cpu: '12' })], pods: [pending('')] }, 'insufficient_cpu', 'api'],
  ['more memory than any node has', { objects: [...small, asking({ memory: '64Gi' })], pods: [pending('')] }, 'insufficient_memory', 'api'],
  [
    'one more replica than there are nodes to keep apart on',
    {
      objects: [deployment('api', apart, {}, 2, 3)],
      pods: [another('api-5d9c-a', 'worker-1'), another('api-5d9c-b', 'worker-2'), pending('')],
    },
    'anti_affinity_conflict',
    'api',
  ],
  [
    'an affinity that was not seen, where the scheduler speaks of one',
    { objects: [down()], pods: [pending(`0/3 nodes are available: 1 node(s) were unschedulable, 2 ${elsewhere}.`)] },
    'node_affinity_mismatch',
    'api',
  ],
  [
    'an affinity that was not seen, on a node that is full',
    { objects: [down()], pods: [pending(`0/3 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable, 1 ${elsewhere}.`)] },
    'insufficient_cpu',
    'api',
  ],
  [
    'an image that cannot be pulled beside others of its project',
    { objects: [down()], pods: [unready(waiting('ErrImagePull'))] },
    'image_not_found',
    'api',
  ],
  [
    'an image that cannot be pulled without the pull secret of its project',
    { objects: [down(), withSecrets('web'), withSecrets('db')], pods: [unready(waiting('ImagePullBackOff'))] },
    'image_unauthorized',
    'api',
  ],
  [
    'less memory than a container needs to start',
    { objects: [down()], pods: [unready({ ...creating, limits: { memory: '4Mi' } })] },
    'oom_killed',
    'api',
  ],
  [
    'a liveness probe at the wrong port, by how long the container lasts',
    { objects: [down({}, { livenessProbe: { tcpSocket: { port: 8081 } } })], pods: [unready(lasted(31, 2))] },
    'liveness_probe_port',
    'api',
  ],
  [
    'a liveness probe in another language than the readiness probe, of which one event is left and the program has an exit code of its own',
    {
      objects: [down({}, { livenessProbe: { grpc: { port: 8080 } }, readinessProbe: { httpGet: { port: 8080 } } })],
      pods: [unready(lasted(30, 0))],
      more: { events: [event(api, 'Unhealthy', 'Liveness probe failed: timeout: failed to connect service')] },
    },
    'liveness_probe_protocol',
    'api',
  ],
  [
    'an impatient liveness probe, by how long the container lasts',
    {
      objects: [down({}, { livenessProbe: { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 } })],
      pods: [unready(lasted(2, 137))],
    },
    'liveness_probe_timing',
    'api',
  ],
  [
    'a startup probe at the wrong port, by how long the container lasts',
    { objects: [down({}, { startupProbe: { tcpSocket: { port: 8081 }, failureThreshold: 6 } })], pods: [unready(lasted(62, 143))] },
    'startup_probe_port',
    'api',
  ],
  [
    'a readiness probe at the wrong port, in a pod that runs for long',
    { objects: [down({}, { readinessProbe: { httpGet: { port: 9999 } } })], pods: [unready()] },
    'readiness_probe_port',
    'api',
  ],
  [
    'a readiness probe in another language than the liveness probe that succeeds',
    { objects: [down({}, { readinessProbe: { grpc: { port: 8080 } } })], pods: [unready()] },
    'readiness_probe_protocol',
    'api',
  ],
];

/** What looks like one of them and is another thing: the cause that must not be named. */
export const unlike: readonly (readonly [string, Plant, RegExp])[] = [
  [
    'a node of which nobody knows how much it has',
    { objects: [sized('worker-1', '4', '8Gi'), asking({ cpu: '12' })], pods: [pending('')] },
    /^insufficient_/,
  ],
  [
    'room for one more beside those that it avoids',
    { objects: [deployment('api', apart, {}, 1, 2)], pods: [another('api-5d9c-a', 'worker-1'), pending('')] },
    /^anti_affinity/,
  ],
  [
    'an image of a project of which nobody runs another',
    { objects: [down()], pods: [pod('api', { ready: false }, { image: 'other.test/x/api:1', ...waiting('ErrImagePull') })] },
    /^image_(not_found|unauthorized)/,
  ],
  [
    'a container that waits for its volume',
    {
      objects: [down()],
      pods: [unready({ ...creating, limits: { memory: '4Mi' } })],
      more: { events: [event(api, 'FailedAttachVolume', 'Multi-Attach error for volume "disk"')] },
    },
    /^oom/,
  ],
  [
    'a program that gives up long before its probe would',
    { objects: [down({}, { livenessProbe: { tcpSocket: { port: 8081 } } })], pods: [unready(lasted(2, 1))] },
    /_probe_/,
  ],
  [
    'a program that says that it is not well, at a port that is not written down',
    {
      objects: [down({}, { readinessProbe: { httpGet: { port: 9999 } } })],
      pods: [unready()],
      more: { events: [event(api, 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')] },
    },
    /_probe_port/,
  ],
  [
    'a pod that started just now',
    {
      objects: [down({}, { readinessProbe: { httpGet: { port: 9999 } } })],
      pods: [unready({ state: { kind: 'running', startedAt: '2026-01-01T11:59:55.000Z' } })],
    },
    /_probe_/,
  ],
];
