import { claim, deployment, event, node, type Plant, pod, quota, seen, service, volume } from './arbitraries.ts';
import type { Metric } from './model/signals.ts';
import type { SeenTrace } from './model/trace.ts';
import type { SeenPod } from './model/workload.ts';

export const api = 'api-5d9c-x';
export const waiting = (reason: string, message = '') => ({ state: { kind: 'waiting' as const, reason, message } });
export const ended = (reason: string, exitCode: number) => ({
  restartCount: 4,
  state: { kind: 'waiting' as const, reason: 'CrashLoopBackOff', message: null },
  lastState: { kind: 'terminated' as const, reason, message: null, exitCode, signal: null, startedAt: null, finishedAt: null },
});
/** `api` as a deployment of which no replica is ready. */
export const down = (spec: object = {}, container: object = {}) => deployment('api', spec, container, 0);
export const pending = (message: string): SeenPod =>
  pod(
    'api',
    {
      ready: false,
      phase: 'Pending',
      node: null,
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    },
    { state: null },
  );
const unschedulable = (why: string) =>
  pending(`0/3 nodes are available: 1 node(s) were unschedulable, 2 ${why}. preemption: 0/3 nodes are available.`);
export const log = (sample: string, source = 'api') => ({ templates: [{ ...seen('5'), namespace: 'shop', source, sample, count: 3 }] });
export const signal = (name: string, metric: Metric, normal: number, current: number, kind: 'service' | 'node' = 'service') => ({
  ...seen('6'),
  entity: { kind, namespace: kind === 'node' ? null : 'shop', name },
  metric,
  normal,
  current,
  words: `${metric} ${normal} → ${current}`,
});
const failed = (name: string) => ({ ...seen('7'), namespace: 'shop', service: name, port: 80, from: null, ok: false });
export const unready = (over: object = {}) => pod('api', { ready: false }, over);
const probeEvents = (kind: string, message: string) => ({
  events: [
    event(api, 'Unhealthy', `${kind} probe failed: ${message}`),
    ...(kind === 'Liveness' ? [event(api, 'Killing', 'Container app failed liveness probe, will be restarted')] : []),
  ],
});
const restarted = pod('api', { ready: false }, { restartCount: 3 });
const pulling = (message: string): Plant => ({ objects: [down()], pods: [unready(waiting('ImagePullBackOff', message))] });
const refusedPod = (message: string): Plant => ({
  objects: [down()],
  without: [api],
  more: { events: [event('api-5d9c', 'FailedCreate', `Error creating: pods "api-5d9c-" is forbidden: ${message}`, 'replicaset')] },
});
const unbound = (spec: object, disk: unknown, message = ''): Plant => ({
  objects: [claim(spec, 'Pending'), disk, deployment('api', { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] }, {}, 0)],
  pods: [pending('0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.')],
  more: message === '' ? {} : { events: [event('data', 'ProvisioningFailed', message, 'persistentvolumeclaim')] },
});
const stopped = (name: string, host: string) => ({
  nodeServices: [{ ...seen('8'), node: host, service: name, active: false, detail: 'inactive (dead)' }],
});
const quotaWords = (resource: string) => `exceeded quota: limits, requested: ${resource}=1, used: ${resource}=4, limited: ${resource}=4`;

const where = (service: string, percent: number) => ({ service, name: 'call', spanId: 'a', ms: percent, percent, error: true });
const trace = (id: string): SeenTrace => ({
  ...seen('7'),
  traceId: id,
  summary: {
    ...{ complete: true, note: '', spans: 3, startedAt: '2026-01-01T10:00:00.000Z', skewed: 0, criticalPathOmittedMs: 0 },
    root: { service: 'web', name: 'GET /', durationMs: 100, error: true },
    services: ['web', 'backend', 'payments'].map((name) => ({ name, spans: 1, errors: 1 })),
    criticalPath: [where('web', 4), where('backend', 16), where('payments', 80)],
    errors: { spans: 3, origins: [{ service: 'payments', name: 'Charge', count: 1, message: 'no route to host' }], originsOmitted: 0 },
    calls: [
      { from: 'web', to: 'backend', count: 1, errors: 1 },
      { from: 'backend', to: 'payments', count: 1, errors: 1 },
    ],
  },
});

/** What is planted, and what has to come first: the cause, and the name of its entity. */
const release = (status: string, age: number) => ({
  deliveries: [
    { ...seen('9'), system: 'helm' as const, namespace: 'shop', name: 'backend', revision: '7', status, sync: null, age },
    { ...seen('9'), system: 'helm' as const, namespace: 'shop', name: 'front', revision: '2', status: 'deployed', sync: null, age: 60 },
  ],
});

export const faults: readonly (readonly [string, Plant, string, string])[] = [
  [
    'failed traces whose errors begin in a service that it calls',
    { more: { traces: [trace('a1'), trace('a2')] } },
    'errors_begin_here',
    'payments',
  ],
  ['a release that failed', { more: release('failed', 60) }, 'release_failed', 'backend'],
  ['a release that nobody goes on with', { more: release('pending-upgrade', 1_800) }, 'release_stuck', 'backend'],
  [
    'a node selector that no node has',
    { objects: [down({ nodeSelector: { disk: 'tape' } })], pods: [unschedulable("node(s) didn't match Pod's node affinity/selector")] },
    'node_selector_mismatch',
    'api',
  ],
  [
    'a node affinity that no worker meets, though the control plane would',
    {
      objects: [
        node('worker-2', {}, { disk: 'ssd' }),
        down({
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }] }],
              },
            },
          },
        }),
      ],
      pods: [unschedulable("node(s) didn't match Pod's node affinity/selector")],
    },
    'node_affinity_mismatch',
    'api',
  ],
  [
    'cordoned nodes',
    {
      objects: [node('worker-1', { unschedulable: true }, { disk: 'ssd' }), down({ nodeSelector: { disk: 'ssd' } })],
      pods: [pending("0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 2 node(s) were unschedulable.")],
    },
    'node_cordoned',
    'api',
  ],
  [
    'a taint on the only node that fits',
    {
      objects: [
        node('worker-1', { taints: [{ key: 'sick', effect: 'NoSchedule' }] }, { disk: 'ssd' }),
        down({ nodeSelector: { disk: 'ssd' } }),
      ],
      pods: [
        pending(
          "0/3 nodes are available: 1 node(s) had untolerated taint {sick: }, 1 node(s) were unschedulable, 1 node(s) didn't match Pod's node affinity/selector.",
        ),
      ],
    },
    'untolerated_taint',
    'api',
  ],
  ['too little CPU', { objects: [down()], pods: [unschedulable('Insufficient cpu')] }, 'insufficient_cpu', 'api'],
  ['too little memory', { objects: [down()], pods: [unschedulable('Insufficient memory')] }, 'insufficient_memory', 'api'],
  [
    'an anti-affinity to pods everywhere',
    { objects: [down()], pods: [unschedulable("node(s) didn't match pod anti-affinity rules")] },
    'anti_affinity_conflict',
    'api',
  ],
  [
    'a topology spread that cannot be',
    { objects: [down()], pods: [unschedulable("node(s) didn't match pod topology spread constraints")] },
    'topology_spread',
    'api',
  ],
  [
    'a host port that is taken',
    { objects: [down()], pods: [unschedulable("node(s) didn't have free ports for the requested pod ports")] },
    'host_port_taken',
    'api',
  ],
  [
    'a scheduling gate',
    {
      objects: [down()],
      pods: [
        pod('api', {
          ready: false,
          phase: 'Pending',
          node: null,
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
        }),
      ],
    },
    'scheduling_gated',
    'api',
  ],
  [
    'a scheduler that sleeps',
    { objects: [down()], pods: [pod('api', { ready: false, phase: 'Pending', node: null, conditions: [] }, { state: null })] },
    'scheduler_down',
    'control',
  ],
  [
    'a claim larger than any volume',
    unbound({ resources: { requests: { storage: '5Gi' } } }, volume({}, 'Available')),
    'volume_capacity_mismatch',
    'api',
  ],
  [
    'a claim that selects other volumes',
    unbound({ selector: { matchLabels: { disk: 'ssd' } } }, volume({}, 'Available', { disk: 'hdd' })),
    'volume_selector_mismatch',
    'api',
  ],
  [
    'a claim with another access mode',
    unbound({ accessModes: ['ReadWriteMany'] }, volume({}, 'Available')),
    'volume_access_mode_mismatch',
    'api',
  ],
  ['a claim of another class', unbound({ storageClassName: 'slow' }, volume({}, 'Available')), 'volume_class_mismatch', 'api'],
  [
    'a class that does not exist',
    unbound({ storageClassName: 'gold' }, volume({}, 'Bound'), 'storageclass.storage.k8s.io "gold" not found'),
    'storage_class_missing',
    'api',
  ],
  [
    'a volume that another claim has',
    unbound({}, volume({ claimRef: { namespace: 'shop', name: 'old' } }, 'Released')),
    'volume_taken',
    'api',
  ],
  ['a volume that is named and missing', unbound({ volumeName: 'lost' }, volume({}, 'Available')), 'volume_missing', 'api'],
  [
    'a claim that is missing',
    {
      objects: [deployment('api', { volumes: [{ persistentVolumeClaim: { claimName: 'lost' } }] }, {}, 0)],
      pods: [pending('0/3 nodes are available: persistentvolumeclaim "lost" not found.')],
    },
    'claim_missing',
    'api',
  ],
  ['a full quota of CPU', refusedPod(quotaWords('requests.cpu')), 'quota_cpu', 'shop'],
  ['a full quota of memory', refusedPod(quotaWords('limits.memory')), 'quota_memory', 'shop'],
  ['a full quota of pods', refusedPod(quotaWords('pods')), 'quota_pods', 'shop'],
  [
    'a full quota of services',
    {
      objects: [quota({ services: '2' }, { services: '2' })],
      without: ['Service/api'],
      more: { declared: [{ ...seen('9'), kind: 'service', namespace: 'shop', name: 'api', app: 'api' }] },
    },
    'quota_services',
    'shop',
  ],
  [
    'a missing service account',
    refusedPod('error looking up service account shop/robot: serviceaccount "robot" not found'),
    'service_account_missing',
    'api',
  ],
  ['a webhook that denies', refusedPod('admission webhook "strict.test" denied the request: no'), 'webhook_denied', 'api'],
  ['a security standard', refusedPod('violates PodSecurity "restricted:latest": privileged'), 'pod_security_violation', 'api'],
  ['an image that does not exist', pulling('failed to resolve reference "registry.test/api:1": not found'), 'image_not_found', 'api'],
  ['a registry whose name does not resolve', pulling('dial tcp: lookup registry.test: no such host'), 'image_registry_unresolvable', 'api'],
  ['a registry that wants credentials', pulling('failed to authorize: unexpected status: 401 Unauthorized'), 'image_unauthorized', 'api'],
  ['a registry that does not answer', pulling('dial tcp 192.0.2.1:443: i/o timeout'), 'image_registry_unreachable', 'api'],
  [
    'a missing secret',
    { objects: [down()], pods: [unready(waiting('CreateContainerConfigError', 'secret "keys" not found'))] },
    'secret_missing',
    'api',
  ],
  [
    'a missing config map',
    { objects: [down()], pods: [unready(waiting('CreateContainerConfigError', 'configmap "settings" not found'))] },
    'config_map_missing',
    'api',
  ],
  [
    'a missing key',
    { objects: [down()], pods: [unready(waiting('CreateContainerConfigError', "couldn't find key port in ConfigMap shop/settings"))] },
    'config_key_missing',
    'api',
  ],
  ['a memory limit that is too low', { objects: [down()], pods: [unready(ended('OOMKilled', 137))] }, 'oom_killed', 'api'],
  ['a program that crashes', { objects: [down()], pods: [unready(ended('Error', 1))] }, 'crash_loop', 'api'],
  [
    'a liveness probe at the wrong port',
    {
      objects: [down({}, { livenessProbe: { tcpSocket: { port: 8081 } } })],
      pods: [restarted],
      more: probeEvents('Liveness', 'dial tcp 10.0.0.1:8081: connect: connection refused'),
    },
    'liveness_probe_port',
    'api',
  ],
  [
    'a liveness probe of the wrong protocol',
    {
      objects: [down()],
      pods: [restarted],
      more: probeEvents('Liveness', 'Get "http://10.0.0.1:8080/": net/http: HTTP/1.x transport connection broken: malformed HTTP response'),
    },
    'liveness_probe_protocol',
    'api',
  ],
  [
    'an impatient liveness probe',
    {
      objects: [down({}, { livenessProbe: { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 } })],
      pods: [restarted],
      more: probeEvents('Liveness', 'dial tcp 10.0.0.1:8080: connect: connection refused'),
    },
    'liveness_probe_timing',
    'api',
  ],
  [
    'a readiness probe at the wrong port',
    {
      objects: [down({}, { readinessProbe: { httpGet: { port: 9999 } } })],
      pods: [unready()],
      more: probeEvents('Readiness', 'dial tcp 10.0.0.1:9999: connect: connection refused'),
    },
    'readiness_probe_port',
    'api',
  ],
  [
    'a readiness probe of the wrong protocol',
    {
      objects: [down({}, { readinessProbe: { grpc: { port: 8080 } } })],
      pods: [unready()],
      more: probeEvents('Readiness', 'service unhealthy'),
    },
    'readiness_probe_protocol',
    'api',
  ],
  [
    'a readiness probe that begins too late',
    { objects: [down({}, { readinessProbe: { httpGet: { port: 8080 }, initialDelaySeconds: 7_200 } })], pods: [unready()] },
    'readiness_probe_timing',
    'api',
  ],
  [
    'a sidecar at the port of the program',
    {
      objects: [down()],
      pods: [
        pod('api', {
          ready: false,
          containers: [
            ...pod('api').pod.containers,
            { ...(pod('api').pod.containers[0] as SeenPod['pod']['containers'][number]), name: 'proxy' },
          ],
        }),
      ],
      more: log('listen tcp :8080: bind: address already in use'),
    },
    'sidecar_port_conflict',
    'api',
  ],
  [
    'wrong credentials of the database',
    { objects: [down()], pods: [unready(ended('Error', 1))], more: log("java.sql.SQLException: Access denied for user 'api'@'10.0.0.1'") },
    'database_credentials',
    'api',
  ],
  [
    'a wrong port of the database',
    {
      objects: [down()],
      pods: [unready(ended('Error', 1))],
      more: log('CommunicationsException: Communications link failure … Connection refused'),
    },
    'database_port',
    'api',
  ],
  [
    'a database without connections',
    { more: log('SQLNonTransientConnectionException: Too many connections') },
    'database_connections',
    'db',
  ],
  [
    'a database that only reads',
    { more: log('The MySQL server is running with the --read-only option so it cannot execute this statement') },
    'database_read_only',
    'db',
  ],
  [
    'a resolver of its own',
    {
      objects: [down({ dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.53'] } })],
      pods: [unready(ended('Error', 1))],
      more: log('UnknownHostException: web'),
    },
    'dns_misconfigured',
    'api',
  ],
  [
    'a service account without the right that it uses',
    {
      objects: [down()],
      pods: [unready(ended('Error', 1))],
      more: log(
        'pods is forbidden: User "system:serviceaccount:shop:api" cannot list resource "pods" in API group "" in the namespace "shop"',
      ),
    },
    'rbac_denied',
    'api',
  ],
  [
    'zero replicas of what is called',
    { objects: [deployment('api', {}, {}, 0, 0)], without: [api], more: { signals: [signal('web', 'errors', 0, 9)] } },
    'zero_replicas',
    'api',
  ],
  ['a selector that picks nothing', { objects: [service('api', { selector: { app: 'apii' } })] }, 'service_selector_mismatch', 'api'],
  [
    'a target port where nobody listens',
    { objects: [service('api', { ports: [{ port: 80, targetPort: 8081 }] })], more: { reach: [failed('api')] } },
    'service_target_port_mismatch',
    'api',
  ],
  [
    'a service of another protocol',
    { objects: [service('api', { ports: [{ port: 80, targetPort: 8080, protocol: 'UDP' }] })] },
    'service_protocol_mismatch',
    'api',
  ],
  [
    'a setting that names a port that is not there',
    { objects: [deployment('web', {}, { env: [{ name: 'API', value: 'api:81' }] })] },
    'dependency_address_mismatch',
    'web',
  ],
  [
    'a route to the wrong service',
    {
      objects: [
        {
          kind: 'ConfigMap',
          metadata: { name: 'gateway', namespace: 'shop' },
          data: { 'application.yml': 'routes:\n  - {id: db, uri: "lb://web", predicates: ["Path=/api/v1/shopdb/**"]}\n' },
        },
        service('shop-db', { selector: { app: 'db' }, ports: [{ port: 3306 }] }),
      ],
    },
    'route_misdirected',
    'shop-db',
  ],
  [
    'an ingress to nowhere',
    {
      objects: [
        {
          kind: 'Ingress',
          metadata: { name: 'front', namespace: 'shop' },
          spec: { rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'gone', port: { number: 80 } } } }] } }] },
        },
      ],
    },
    'ingress_backend_missing',
    'front',
  ],
  [
    'a route of a gateway to a port that is not there',
    {
      objects: [
        {
          kind: 'HTTPRoute',
          metadata: { name: 'front', namespace: 'shop' },
          spec: { rules: [{ matches: [{ path: { value: '/' } }], backendRefs: [{ name: 'web', port: 81 }] }] },
        },
      ],
    },
    'ingress_port_mismatch',
    'front',
  ],
  [
    'a policy that closes a service',
    {
      objects: [
        {
          kind: 'NetworkPolicy',
          metadata: { name: 'closed', namespace: 'shop' },
          spec: { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'] },
        },
      ],
      more: { reach: [failed('api')] },
    },
    'network_policy_denies',
    'api',
  ],
  ['a runtime that stopped', { more: stopped('containerd', 'worker-1') }, 'container_runtime_down', 'worker-1'],
  ['a kubelet that stopped', { objects: [node('worker-1', {}, {}, 'Unknown')] }, 'kubelet_down', 'worker-1'],
  ['a node that is not ready', { objects: [node('worker-2', {}, {}, 'False')] }, 'node_not_ready', 'worker-2'],
  ['a kube-proxy that stopped', { more: stopped('kube-proxy', 'worker-2') }, 'kube_proxy_down', 'worker-2'],
  [
    'a slow network of what others wait for',
    { more: { signals: [signal('web', 'latency', 0.01, 0.9), signal('api', 'latency', 0.005, 0.8)] } },
    'network_delay',
    'api',
  ],
  [
    'a lossy network',
    { more: { signals: [signal('api', 'latency', 0.005, 0.8), signal('api', 'packet_loss', 0, 0.3)] } },
    'network_loss',
    'api',
  ],
  [
    'too little CPU for its load',
    {
      more: {
        signals: [signal('web', 'latency', 0.01, 0.09), signal('api', 'latency', 0.005, 0.08), signal('api', 'cpu_throttling', 0, 2)],
      },
    },
    'cpu_saturation',
    'api',
  ],
  [
    'a slow network of a service that is also throttled a little',
    { more: { signals: [signal('api', 'latency', 0.005, 4), signal('api', 'cpu_throttling', 0, 0.4)] } },
    'network_delay',
    'api',
  ],
  [
    'a service that starves the one it calls, and holds up who calls it',
    {
      more: {
        signals: [signal('web', 'latency', 0.01, 9), { ...signal('db', 'latency', 0.002, 0), current: null }],
        calls: [{ ...seen('c'), namespace: 'shop', from: 'api', to: 'db' }],
      },
    },
    'network_delay',
    'api',
  ],
  [
    'errors and less traffic at the usual speed',
    {
      more: {
        signals: [
          signal('web', 'errors', 100, 70),
          signal('web', 'throughput', 9, 4),
          signal('api', 'errors', 100, 60),
          signal('api', 'packets', 9, 4),
        ],
      },
    },
    'network_loss',
    'api',
  ],
  [
    'too little memory for its load',
    { more: { signals: [signal('api', 'latency', 0.005, 0.08), signal('api', 'memory', 0.5, 0.99)] } },
    'memory_saturation',
    'api',
  ],
  ['a lossy node', { more: { signals: [signal('worker-1', 'packet_loss', 0, 0.3, 'node')] } }, 'node_network_loss', 'worker-1'],
  [
    'a quota that wants every pod to say its limits',
    refusedPod('failed quota: limits: must specify limits.memory for: app'),
    'quota_memory',
    'shop',
  ],
  [
    'a quota without room, of which nobody tells',
    {
      objects: [quota({ 'requests.cpu': '1' }, { 'requests.cpu': '800m' }), down({}, { resources: { requests: { cpu: '250m' } } })],
      without: [api],
    },
    'quota_cpu',
    'shop',
  ],
  [
    'a claim whose expressions no volume meets',
    unbound(
      { selector: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd', 'nvme'] }] } },
      volume({}, 'Available', { disk: 'hdd' }),
    ),
    'volume_selector_mismatch',
    'api',
  ],
  [
    'a node selector that no node has, in nobody’s words',
    { objects: [down({ nodeSelector: { disk: 'tape' } })], pods: [pending('')] },
    'node_selector_mismatch',
    'api',
  ],
  [
    'a memory limit with which nothing starts',
    {
      objects: [down()],
      pods: [
        unready({ state: { ...ended('StartError', 128).lastState, message: 'container init was OOM-killed (memory limit too low?)' } }),
      ],
    },
    'oom_killed',
    'api',
  ],
  [
    'a liveness probe on which the program hangs up',
    {
      objects: [down({}, { livenessProbe: { httpGet: { port: 8080 } }, readinessProbe: { tcpSocket: { port: 8080 } } })],
      pods: [restarted],
      more: probeEvents('Liveness', 'Get "http://10.0.0.1:8080/": EOF'),
    },
    'liveness_probe_protocol',
    'api',
  ],
  [
    'a liveness probe in HTTP of what is asked in gRPC elsewhere',
    {
      objects: [down({}, { livenessProbe: { httpGet: { port: 8080 } }, readinessProbe: { grpc: { port: 8080 } } })],
      pods: [restarted],
      more: probeEvents('Liveness', 'HTTP probe failed with statuscode: 404'),
    },
    'liveness_probe_protocol',
    'api',
  ],
  [
    'an impatient liveness probe, of which the kill was not seen',
    {
      objects: [down({}, { livenessProbe: { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 } })],
      pods: [pod('api', { ready: false }, { ...ended('Error', 137) })],
      more: { events: [event(api, 'Unhealthy', 'Liveness probe failed: dial tcp 10.0.0.1:8080: connect: connection refused')] },
    },
    'liveness_probe_timing',
    'api',
  ],
  [
    'a readiness probe that is asked too rarely',
    { objects: [down({}, { readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 7_200 } })], pods: [unready()] },
    'readiness_probe_timing',
    'api',
  ],
  [
    'a sidecar of the mesh that is told to listen at the port of the program',
    {
      objects: [
        {
          ...(down() as object),
          spec: {
            ...(down() as { spec: object }).spec,
            template: {
              metadata: { labels: { app: 'api' }, annotations: { 'proxy.istio.io/config': '{ "statusPort": 8080 }' } },
              spec: { containers: [{ name: 'app', image: 'registry.test/api:1', ports: [{ containerPort: 8080 }] }] },
            },
          },
        },
      ],
      pods: [unready(ended('Error', 1))],
    },
    'sidecar_port_conflict',
    'api',
  ],
  [
    'a resolver of its own in a pod that is ready, and finds nobody whom it calls',
    {
      objects: [deployment('web', { dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.53'] } })],
      more: { calls: [{ ...seen('c'), namespace: 'shop', from: 'web', to: 'api' }], signals: [signal('web', 'errors', 0, 9)] },
    },
    'dns_misconfigured',
    'web',
  ],
  [
    'a setting that names nobody, and is called after a service',
    { objects: [deployment('web', {}, { env: [{ name: 'API_SERVICE_ADDR', value: 'backend:80' }] })] },
    'dependency_address_mismatch',
    'web',
  ],
  [
    'a setting that names a port that is not there, of a service that is declared',
    {
      objects: [deployment('web', {}, { env: [{ name: 'BACKEND', value: 'api:81' }] })],
      more: { declared: [{ ...seen('9'), kind: 'service', namespace: 'shop', name: 'api', app: 'api' }] },
    },
    'dependency_address_mismatch',
    'web',
  ],
  [
    'a setting that names nobody, and is called after a word of a service',
    {
      objects: [
        service('orders-cache', { selector: { app: 'db' }, ports: [{ port: 3306, targetPort: 3306 }] }),
        deployment('web', {}, { env: [{ name: 'CACHE_ADDR', value: 'memo:80' }] }),
      ],
    },
    'dependency_address_mismatch',
    'web',
  ],
  [
    'a setting that misspells a service',
    {
      objects: [service('orders', { selector: { app: 'api' } }), deployment('web', {}, { env: [{ name: 'BACKEND', value: 'oders:80' }] })],
    },
    'dependency_address_mismatch',
    'web',
  ],
  [
    'a slow network below a service of which nothing is measured',
    {
      more: {
        signals: [signal('web', 'latency', 0.02, 2.4), signal('db', 'latency', 0.002, 0.8)],
        calls: [
          { ...seen('c'), namespace: 'shop', from: 'web', to: 'api' },
          { ...seen('c'), namespace: 'shop', from: 'api', to: 'db' },
        ],
      },
    },
    'network_delay',
    'db',
  ],
  [
    'a slow network of a service whose callee is a little slower than usual',
    {
      more: {
        signals: [signal('api', 'latency', 0.02, 4.4), signal('db', 'latency', 0.002, 0.006)],
        calls: [{ ...seen('c'), namespace: 'shop', from: 'api', to: 'db' }],
      },
    },
    'network_delay',
    'api',
  ],
  [
    'all of the CPU of a service that nobody measures otherwise, under one that is slow',
    {
      objects: [deployment('api', {}, { resources: { limits: { cpu: '200m' } } })],
      more: {
        signals: [signal('web', 'latency', 0.02, 0.9), signal('api', 'cpu_throttling', 0, 1), signal('api', 'cpu_cores', 0.04, 0.17)],
      },
    },
    'cpu_saturation',
    'api',
  ],
  [
    'a node whose packets wait in its queue, while others send theirs again',
    {
      pods: [pod('db', { node: 'worker-2' })],
      more: {
        signals: [
          signal('web', 'latency', 0.02, 2),
          signal('api', 'latency', 0.02, 1.5),
          signal('control', 'retransmissions', 0, 0.7, 'node'),
          signal('worker-1', 'retransmissions', 0, 0.7, 'node'),
        ],
        calls: [{ ...seen('c'), namespace: 'shop', from: 'api', to: 'db' }],
      },
    },
    'node_network_delay',
    'worker-2',
  ],
  [
    'a job that failed',
    {
      objects: [
        {
          kind: 'Job',
          metadata: { name: 'report', namespace: 'shop' },
          status: { failed: 6, conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'too often' }] },
        },
      ],
    },
    'job_failed',
    'report',
  ],
  [
    'a schedule that cannot be read',
    { objects: [{ kind: 'CronJob', metadata: { name: 'nightly', namespace: 'shop' }, spec: { schedule: 'every night' } }] },
    'cron_job_schedule_invalid',
    'nightly',
  ],
  [
    'an autoscaler without metrics',
    {
      objects: [
        {
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'api', namespace: 'shop' },
          spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'api' } },
          status: { conditions: [{ type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'none' }] },
        },
      ],
    },
    'autoscaler_without_metrics',
    'api',
  ],
  [
    'a budget that blocks a drain',
    {
      objects: [
        node('worker-1', { unschedulable: true }),
        {
          kind: 'PodDisruptionBudget',
          metadata: { name: 'api', namespace: 'shop' },
          spec: { selector: { matchLabels: { app: 'api' } } },
          status: { disruptionsAllowed: 0, expectedPods: 1, desiredHealthy: 1 },
        },
      ],
      more: { events: [event('worker-1', 'DisruptionBlocked', 'Cannot evict pod: PDB shop/api prevents it', 'node')] },
    },
    'disruption_budget_blocks',
    'api',
  ],
  [
    'an evicted pod',
    { pods: [pod('api', { ready: false, phase: 'Failed', reason: 'Evicted', message: 'low on memory' })] },
    'evicted',
    api,
  ],
  [
    'a webhook without anybody to answer',
    {
      objects: [
        {
          kind: 'ValidatingWebhookConfiguration',
          metadata: { name: 'strict' },
          webhooks: [{ name: 'v.test', clientConfig: { service: { namespace: 'shop', name: 'gone' } } }],
        },
      ],
    },
    'webhook_unavailable',
    'strict/v.test',
  ],
  [
    'a stateful set without its service',
    {
      objects: [
        {
          ...(deployment('store') as object),
          kind: 'StatefulSet',
          spec: { ...(deployment('store') as { spec: object }).spec, serviceName: 'store' },
        },
      ],
    },
    'governing_service_missing',
    'store',
  ],
];
