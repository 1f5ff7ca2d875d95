import { claim, deployment, event, node, type Plant, pod, service, volume } from './arbitraries.ts';
import { log, signal } from './planted-testing.ts';

const object = (kind: string, name: string, rest: object, namespace = 'shop'): unknown => ({
  kind,
  metadata: { name, namespace },
  ...rest,
});
const path = (backend: object, at = '/') => ({ spec: { rules: [{ http: { paths: [{ path: at, backend: { service: backend } }] } }] } });
const failedPod = (reason: string, owner: { kind: string; name: string }) => {
  const one = pod('api', { ready: false, phase: 'Failed', reason, owner, name: `${owner.name}-old` });
  const state = {
    kind: 'terminated' as const,
    reason: 'Error',
    message: null,
    exitCode: 143,
    signal: null,
    startedAt: null,
    finishedAt: null,
  };
  return { ...one, pod: { ...one.pod, containers: one.pod.containers.map((each) => ({ ...each, ready: false, state })) } };
};
const reclaimed = (key: string) => node('spot-1', { unschedulable: true, taints: [{ key, effect: 'NoSchedule' }] }, {}, 'Unknown');
const conditions = (type: string, status: string, reason: string) => ({ conditions: [{ type, status, reason, message: reason }] });
const jobEnd = { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'too often' }] };

/** What real estates do on purpose, and what nobody needs to be told of. */
export const healthy: readonly (readonly [string, Plant])[] = [
  [
    'a resolver of its own',
    {
      objects: [
        deployment('web', { dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.53'] } }, { env: [{ name: 'API', value: 'api:80' }] }),
      ],
    },
  ],
  [
    'two containers at one port, of which none gave up, while it starts',
    {
      objects: [deployment('api', {}, { ports: [{ containerPort: 8080 }, { containerPort: 8080 }] }, 0)],
      pods: [pod('api', { ready: false })],
    },
  ],
  [
    'a headless service whose clients know a port of their own',
    {
      objects: [
        service('db', { clusterIP: 'None', ports: [{ port: 3306, targetPort: 9999 }] }),
        deployment('web', {}, { env: [{ name: 'DB', value: 'db:33060' }] }),
      ],
    },
  ],
  [
    'a service of the world',
    {
      objects: [
        service('mail', { type: 'ExternalName', selector: null, ports: [{ port: 25 }] }),
        object('Ingress', 'front', path({ name: 'mail', port: { number: 587 } })),
      ],
    },
  ],
  ['a service whose endpoints somebody else keeps', { objects: [service('legacy', { selector: null })] }],
  [
    'settings of another namespace',
    { objects: [deployment('web', {}, { env: [{ name: 'REMOTE', value: 'http://api.billing.svc.cluster.local:8443' }] })] },
  ],
  ['an image in the settings', { objects: [deployment('web', {}, { env: [{ name: 'WORKER_IMAGE', value: 'api:2024' }] })] }],
  ['calls that go through another service', { objects: [deployment('web', {}, { env: [{ name: 'DB_ADDR', value: 'http://api:80' }] })] }],
  ['a canary service without a canary', { objects: [service('api-canary', { selector: { app: 'api', track: 'canary' } })] }],
  [
    'metrics at a port that is not written down',
    {
      objects: [
        service('api', {
          ports: [
            { name: 'http', port: 80, targetPort: 8080 },
            { name: 'metrics', port: 9090, targetPort: 9090 },
          ],
        }),
      ],
    },
  ],
  [
    'a front that answers for another service',
    {
      objects: [
        service('front-orders', { selector: { app: 'api' } }),
        object('Ingress', 'front', path({ name: 'web', port: { number: 80 } }, '/orders')),
      ],
    },
  ],
  [
    'an action of the load balancer of AWS',
    { objects: [object('Ingress', 'front', path({ name: 'ssl-redirect', port: { name: 'use-annotation' } }))] },
  ],
  [
    'a default that denies, beside a policy that allows, while something fails',
    {
      objects: [
        object('NetworkPolicy', 'default', { spec: { podSelector: {}, policyTypes: ['Ingress'] } }),
        object('NetworkPolicy', 'open', {
          spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] },
        }),
      ],
      more: { signals: [{ ...signal('web', 'errors', 0, 1) }] },
    },
  ],
  ['a pod of a spot node that went away', { pods: [failedPod('NodeShutdown', { kind: 'ReplicaSet', name: 'api-5d9c' })] }],
  [
    'a job that succeeded at its second try',
    { objects: [object('Job', 'report', { status: { succeeded: 1, failed: 1 } })], pods: [failedPod('', { kind: 'Job', name: 'report' })] },
  ],
  [
    'a failed job of a cron job whose next one succeeded',
    {
      objects: [
        object('Job', 'nightly-29441280', { status: { failed: 3, ...jobEnd } }),
        object('Job', 'nightly-29442720', { status: { succeeded: 1 } }),
      ],
    },
  ],
  [
    'a cron job in the other words of its language',
    { objects: [object('CronJob', 'nightly', { spec: { schedule: '0  4 ? * MON-FRI' } })] },
  ],
  ['a cron job that is suspended', { objects: [object('CronJob', 'nightly', { spec: { schedule: '@daily', suspend: true } })] }],
  ['a spot node on its way out', { objects: [reclaimed('aws-node-termination-handler/spot-itn')] }],
  ['a node that an autoscaler removes', { objects: [reclaimed('ToBeDeletedByClusterAutoscaler')] }],
  [
    'an autoscaler at its maximum',
    {
      objects: [
        object('HorizontalPodAutoscaler', 'api', {
          spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'api' } },
          status: conditions('ScalingLimited', 'True', 'TooManyReplicas'),
        }),
      ],
    },
  ],
  [
    'a workload that sleeps until it is called',
    {
      objects: [
        deployment('api', {}, {}, 0, 0),
        object('HorizontalPodAutoscaler', 'api', {
          spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'api' } },
          status: conditions('ScalingActive', 'False', 'ScalingDisabled'),
        }),
      ],
      without: ['api-5d9c-x'],
    },
  ],
  ['a workload at zero that nobody calls', { objects: [deployment('old', {}, {}, 0, 0), service('old')] }],
  [
    'a claim for which nobody waits',
    {
      objects: [
        { ...(claim({}, 'Pending') as object), metadata: { name: 'spare', namespace: 'shop' } },
        volume({ storageClassName: 'slow' }, 'Available'),
      ],
    },
  ],
  [
    'a program that takes as long to start as its neighbours',
    {
      objects: ['web', 'api'].map((name) =>
        deployment(
          name,
          {},
          { readinessProbe: { httpGet: { port: 8080 }, initialDelaySeconds: 90 }, livenessProbe: null },
          name === 'api' ? 0 : 1,
        ),
      ),
      pods: [pod('api', { ready: false }, { state: { kind: 'running', startedAt: '2026-01-01T11:59:10.000Z' } })],
    },
  ],
  ['transactions that only read', { more: log('DEBUG o.s.orm.jpa: Creating new transaction, opening read-only transaction') }],
  ['bursts that are throttled', { more: { signals: [signal('api', 'cpu_throttling', 0, 0.3)] } }],
  ['a cache that fills the memory that it may', { more: { signals: [signal('db', 'memory', 0.5, 0.95)] } }],
  [
    'a sidecar that is an init container',
    {
      pods: [
        pod('api', {
          containers: [
            ...pod('api').pod.containers,
            { ...(pod('api').pod.containers[0] as ReturnType<typeof pod>['pod']['containers'][number]), name: 'proxy', init: true },
          ],
        }),
      ],
    },
  ],
  [
    'a daemon set that no node is for',
    {
      objects: [
        {
          ...(deployment('gpu', { nodeSelector: { gpu: 'yes' } }, {}, 0, 0) as object),
          kind: 'DaemonSet',
          status: { desiredNumberScheduled: 0, numberReady: 0 },
        },
      ],
    },
  ],
  [
    'a gateway of several listeners',
    {
      objects: ['http', 'https'].map((name) =>
        object('HTTPRoute', name, { spec: { rules: [{ matches: [{ path: { value: '/' } }], backendRefs: [{ name: 'web', port: 80 }] }] } }),
      ),
    },
  ],
  [
    'a budget of one replica on an open node',
    {
      objects: [
        object('PodDisruptionBudget', 'api', {
          spec: { selector: { matchLabels: { app: 'api' } } },
          status: { disruptionsAllowed: 0, expectedPods: 1, desiredHealthy: 1 },
        }),
      ],
    },
  ],
  [
    'a webhook that may be left out',
    {
      objects: [
        object('ValidatingWebhookConfiguration', 'soft', {
          webhooks: [{ name: 'v.test', failurePolicy: 'Ignore', clientConfig: { service: { namespace: 'shop', name: 'gone' } } }],
        }),
      ],
    },
  ],
  [
    'a check that failed once, and serves',
    { more: { events: [event('api-5d9c-x', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')] } },
  ],
];
