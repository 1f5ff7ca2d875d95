/** Objects as the API server takes them. */
type Spec = Record<string, unknown>;

export interface Fault {
  readonly name: string;
  readonly objects: readonly Spec[];
  /** The cause that has to come first, and the name of its entity; `{}` stands for the namespace. */
  readonly cause: string;
  readonly entity: string;
  /** Kinds that no symptom of the cluster itself asks for. */
  readonly reads?: readonly string[];
  /** Written to the status of each pod of `web` once they run, in the kubelet's place. */
  readonly status?: Spec;
  /** What a text that names the cause would say: by this, texts of the baseline are judged. Unset: whatever it says is short of the cause. */
  readonly words?: RegExp;
  /** A record of the kubelet about a pod of `web`. */
  readonly event?: { readonly reason: string; readonly message: string };
}

const image = 'registry.example/shop/web:1.0.0';

export function web(podSpec: Spec = {}, container: Spec = {}, replicas = 1): Spec {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image, ports: [{ containerPort: 8080 }], ...container }], ...podSpec },
      },
    },
  };
}

export const service = (spec: Spec = {}): Spec => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});

const claim = (name: string, spec: Spec = {}): Spec => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { storageClassName: name, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (name: string, spec: Spec = {}, labels: Spec = {}): Spec => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, labels },
  spec: { storageClassName: name, accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/none' }, ...spec },
});
const withClaim = (name: string) => web({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] });
const quota = (hard: Spec): Spec => ({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'limits' }, spec: { hard } });
const ingress = (name: string, number: number): Spec => ({
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' } },
  spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number } } } }] } }] },
});
const autoscaler = (name: string): Spec => ({
  ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' } },
  spec: { minReplicas: 1, maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } },
});
const job = (spec: Spec): Spec => ({
  ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'web' } },
  spec: { ...spec, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'web', image }] } } },
});
/** Asked about the pods of one namespace, and leads nowhere. */
const webhook = (namespace: string): Spec => ({
  ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'checks' } },
  webhooks: [
    {
      ...{ name: 'checks.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Fail', timeoutSeconds: 1 },
      clientConfig: { service: { namespace, name: 'nowhere' } },
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
  ],
});
const requests = (resources: Spec) => ({ resources: { requests: resources } });
const affinity = (key: string) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'Exists' }] }] },
  },
});
const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
    ],
  },
};
const state = (over: Spec): Spec => ({
  conditions: [
    { type: 'Ready', status: 'False' },
    { type: 'ContainersReady', status: 'False' },
  ],
  containerStatuses: [{ name: 'web', image, imageID: '', ready: false, started: false, restartCount: 3, ...over }],
});
const waiting = (reason: string, message = '') => state({ state: { waiting: { reason, message } } });
const ended = (reason: string, exitCode: number) => ({ lastState: { terminated: { reason, exitCode } } });
const looping = { state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off restarting failed container' } } };
const unready = state({ restartCount: 0, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } });

/** One namespace each. */
export const faults: readonly Fault[] = [
  {
    name: 'node-selector',
    words: /node affinity\/selector/,
    objects: [web({ nodeSelector: { disk: 'tape' } })],
    cause: 'node_selector_mismatch',
    entity: 'web',
  },
  {
    name: 'node-affinity',
    words: /node affinity\/selector/,
    objects: [web({ affinity: affinity('gpu') })],
    cause: 'node_affinity_mismatch',
    entity: 'web',
  },
  {
    name: 'cordon',
    words: /were unschedulable/,
    objects: [web({ nodeSelector: { pool: 'closed' } })],
    cause: 'node_cordoned',
    entity: 'web',
  },
  {
    name: 'taint',
    words: /untolerated taint/,
    objects: [web({ nodeSelector: { pool: 'tainted' } })],
    cause: 'untolerated_taint',
    entity: 'web',
  },
  { name: 'cpu', words: /Insufficient cpu/, objects: [web({}, requests({ cpu: '900' }))], cause: 'insufficient_cpu', entity: 'web' },
  {
    name: 'memory',
    words: /Insufficient memory/,
    objects: [web({}, requests({ memory: '900Gi' }))],
    cause: 'insufficient_memory',
    entity: 'web',
  },
  {
    name: 'anti-affinity',
    words: /anti-affinity/,
    objects: [web({ affinity: apart }, {}, 4)],
    cause: 'anti_affinity_conflict',
    entity: 'web',
  },
  {
    name: 'gate',
    words: /gate/i,
    objects: [web({ schedulingGates: [{ name: 'example.com/wait' }] })],
    cause: 'scheduling_gated',
    entity: 'web',
  },
  { name: 'claim-missing', words: /"lost" not found/, objects: [withClaim('lost')], cause: 'claim_missing', entity: 'web' },
  {
    name: 'claim-size',
    words: /capacity/,
    objects: [volume('size'), claim('size', { resources: { requests: { storage: '5Gi' } } }), withClaim('size')],
    cause: 'volume_capacity_mismatch',
    entity: 'web',
  },
  {
    name: 'claim-mode',
    words: /access ?mode/i,
    objects: [volume('mode'), claim('mode', { accessModes: ['ReadWriteMany'] }), withClaim('mode')],
    cause: 'volume_access_mode_mismatch',
    entity: 'web',
  },
  {
    name: 'claim-labels',
    words: /label selector/,
    objects: [volume('labels', {}, { disk: 'hdd' }), claim('labels', { selector: { matchLabels: { disk: 'ssd' } } }), withClaim('labels')],
    cause: 'volume_selector_mismatch',
    entity: 'web',
  },
  { name: 'quota-pods', words: /exceeded quota/, objects: [quota({ pods: '1' }), web({}, {}, 3)], cause: 'quota_pods', entity: '{}' },
  {
    name: 'quota-cpu',
    words: /exceeded quota/,
    objects: [quota({ 'requests.cpu': '1' }), web({}, requests({ cpu: '2' }))],
    cause: 'quota_cpu',
    entity: '{}',
  },
  {
    name: 'quota-memory',
    words: /exceeded quota/,
    objects: [quota({ 'requests.memory': '1Gi' }), web({}, requests({ memory: '2Gi' }))],
    cause: 'quota_memory',
    entity: '{}',
  },
  {
    name: 'image',
    words: /pull/i,
    objects: [web({}, { image: 'registry.example/shop/web:broken' })],
    cause: 'image_not_found',
    entity: 'web',
  },
  {
    name: 'secret',
    words: /secret "keys" not found/,
    objects: [web()],
    status: waiting('CreateContainerConfigError', 'secret "keys" not found'),
    cause: 'secret_missing',
    entity: 'web',
  },
  {
    name: 'config-map',
    words: /configmap "settings" not found/,
    objects: [web()],
    status: waiting('CreateContainerConfigError', 'configmap "settings" not found'),
    cause: 'config_map_missing',
    entity: 'web',
  },
  {
    name: 'oom',
    words: /OOMKilled/,
    objects: [web({}, { resources: { limits: { memory: '64Mi' } } })],
    status: state({ ...looping, ...ended('OOMKilled', 137) }),
    cause: 'oom_killed',
    entity: 'web',
  },
  {
    name: 'crash',
    words: /termination reason is Error/,
    objects: [web()],
    status: state({ ...looping, ...ended('Error', 1) }),
    cause: 'crash_loop',
    entity: 'web',
  },
  {
    name: 'readiness-port',
    words: /Readiness probe failed/,
    objects: [web({}, { readinessProbe: { httpGet: { port: 9999 } } })],
    status: unready,
    event: {
      reason: 'Unhealthy',
      message: 'Readiness probe failed: Get "http://10.0.0.1:9999/": dial tcp 10.0.0.1:9999: connect: connection refused',
    },
    cause: 'readiness_probe_port',
    entity: 'web',
  },
  {
    name: 'evicted',
    words: /evict|low on resource/i,
    objects: [web()],
    status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
    cause: 'evicted',
    entity: 'web',
  },
  {
    name: 'selector',
    words: /expected label app=wep/,
    objects: [web(), service({ selector: { app: 'wep' } })],
    reads: ['deployment', 'service'],
    cause: 'service_selector_mismatch',
    entity: 'web',
  },
  {
    name: 'target-port',
    words: /8081/,
    objects: [web(), service({ ports: [{ port: 80, targetPort: 8081 }] })],
    reads: ['deployment', 'service'],
    cause: 'service_target_port_mismatch',
    entity: 'web',
  },
  {
    name: 'protocol',
    words: /UDP/,
    objects: [web(), service({ ports: [{ port: 80, targetPort: 8080, protocol: 'UDP' }] })],
    reads: ['deployment', 'service'],
    cause: 'service_protocol_mismatch',
    entity: 'web',
  },
  {
    name: 'ingress-backend',
    words: /service wep/,
    objects: [web(), service(), ingress('wep', 80)],
    reads: ['ingress', 'service'],
    cause: 'ingress_backend_missing',
    entity: 'web',
  },
  {
    name: 'ingress-port',
    words: /8080|port/,
    objects: [web(), service(), ingress('web', 8080)],
    reads: ['ingress', 'service'],
    cause: 'ingress_port_mismatch',
    entity: 'web',
  },
  {
    name: 'governing-service',
    words: /service web-0 /,
    objects: [{ ...web(), kind: 'StatefulSet', spec: { ...(web() as { spec: object }).spec, serviceName: 'web-0' } }],
    reads: ['statefulset', 'service'],
    cause: 'governing_service_missing',
    entity: 'web',
  },
  {
    name: 'job-deadline',
    words: /deadline/i,
    objects: [job({ activeDeadlineSeconds: 1 })],
    reads: ['job'],
    cause: 'job_deadline_exceeded',
    entity: 'web',
  },
  {
    name: 'webhook',
    words: /failed calling webhook|Service nowhere not found/,
    objects: [webhook('webhook'), web()],
    cause: 'webhook_unavailable',
    entity: 'web',
  },
  {
    name: 'limit-range',
    words: /cpu limit/,
    objects: [
      { ...quota({}), kind: 'LimitRange', spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } },
      web({}, requests({ cpu: '2' })),
    ],
    cause: 'limit_range_violation',
    entity: 'web',
  },
  {
    name: 'autoscaler-target',
    words: /Deployment\/gone/,
    objects: [web(), autoscaler('gone')],
    reads: ['horizontalpodautoscaler'],
    cause: 'autoscaler_target_missing',
    entity: 'web',
  },
];
