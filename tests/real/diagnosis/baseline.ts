import { z } from 'zod';

/**
 * What K8sGPT's analyzers without a model complain about, for comparison: not the product. Written anew after the published behaviour of its core
 * analyzers, and of those for autoscalers and network policies. Endpoints are taken from slices, which is where a cluster of today keeps them.
 */
export interface Complaint {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

const Named = z.object({ name: z.string() });
const texts = z.record(z.string(), z.string()).default({});
const State = z.object({
  waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
  terminated: z.object({ reason: z.string().default(''), exitCode: z.number() }).optional(),
});
const Condition = z.object({ type: z.string(), status: z.string(), reason: z.string().default(''), message: z.string().default('') });
const Item = z.looseObject({
  kind: z.string(),
  metadata: Named.extend({ labels: texts, ownerReferences: z.array(Named).default([]) }),
  spec: z
    .looseObject({
      replicas: z.number().optional(),
      selector: z.unknown().optional(),
      serviceName: z.string().optional(),
      suspend: z.boolean().optional(),
      ingressClassName: z.string().optional(),
      scaleTargetRef: Named.extend({ kind: z.string() }).optional(),
      rules: z
        .array(z.object({ http: z.object({ paths: z.array(z.object({ backend: z.object({ service: Named.optional() }) })) }).optional() }))
        .default([]),
    })
    .prefault({}),
  status: z
    .looseObject({
      phase: z.string().optional(),
      replicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      failed: z.number().default(0),
      conditions: z.array(Condition).default([]),
      containerStatuses: z
        .array(Named.extend({ ready: z.boolean(), state: State.prefault({}), lastState: State.prefault({}) }))
        .default([]),
    })
    .prefault({}),
  data: z.record(z.string(), z.string()).optional(),
  endpoints: z
    .array(z.object({ conditions: z.object({ ready: z.boolean().nullish() }).default({}) }))
    .nullish()
    .transform((all) => all ?? []),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  involvedObject: z.object({ name: z.string().default('') }).optional(),
});
type Item = z.infer<typeof Item>;

const kinds =
  'pods,deployments.apps,replicasets.apps,statefulsets.apps,services,endpointslices.discovery.k8s.io,persistentvolumeclaims,ingresses.networking.k8s.io,' +
  'jobs.batch,cronjobs.batch,horizontalpodautoscalers.autoscaling,networkpolicies.networking.k8s.io,configmaps,events';

interface Seen {
  all(kind: string): readonly Item[];
  has(kind: string, name: string): boolean;
  lastEvent(name: string): Item | undefined;
}

const timeOf = ({ lastTimestamp, eventTime }: Item): string => lastTimestamp ?? eventTime ?? '';

function seenOf(items: readonly Item[]): Seen {
  const byKind = Map.groupBy(items, ({ kind }) => kind);
  const all = (kind: string) => byKind.get(kind) ?? [];
  return {
    all,
    has: (kind, name) => all(kind).some(({ metadata }) => metadata.name === name),
    lastEvent: (name) =>
      all('Event')
        .filter(({ involvedObject }) => involvedObject?.name === name)
        .toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)))
        .at(-1),
  };
}

const waitingReasons =
  /^(CrashLoopBackOff|ImagePullBackOff|CreateContainerConfigError|PreCreateHookError|CreateContainerError|PreStartHookError|RunContainerError|ImageInspectError|ErrImagePull|ErrImageNeverPull|InvalidImageName)$/;

function pod({ metadata, status }: Item, seen: Seen): string[] {
  const unplaced = status.conditions.filter(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable');
  const event = seen.lastEvent(metadata.name);
  const containers = status.containerStatuses.flatMap(({ name, ready, state: { waiting }, lastState }) => {
    if (waiting === undefined) return !ready && status.phase === 'Running' && event?.reason === 'Unhealthy' ? [event.message] : [];
    if (waiting.reason === 'ContainerCreating')
      return /^Failed(CreatePodSandBox|Mount)$/.test(event?.reason ?? '') ? [event?.message ?? ''] : [];
    const last = lastState.terminated?.reason;
    if (waiting.reason === 'CrashLoopBackOff' && last !== undefined)
      return [`the last termination reason is ${last} container=${name} pod=${metadata.name}`];
    return waitingReasons.test(waiting.reason) ? [waiting.message] : [];
  });
  return [...(status.phase === 'Pending' ? unplaced.map(({ message }) => message) : []), ...containers];
}

function service({ metadata, spec }: Item, seen: Seen): string[] {
  const slices = seen.all('EndpointSlice').filter(({ metadata: { labels } }) => labels['kubernetes.io/service-name'] === metadata.name);
  const ends = slices.flatMap(({ endpoints }) => endpoints);
  const selector = Object.entries(texts.parse(spec.selector ?? {}));
  if (ends.length === 0) return selector.map(([key, value]) => `Service has no endpoints, expected label ${key}=${value}`);
  const unready = ends.filter(({ conditions }) => conditions.ready === false).length;
  return unready === 0 ? [] : [`Service has not ready endpoints, expected ${unready}`];
}

function ingress({ metadata, spec }: Item, seen: Seen): string[] {
  const backends = spec.rules.flatMap(({ http }) => http?.paths.flatMap(({ backend }) => backend.service?.name ?? []) ?? []);
  return [
    ...(spec.ingressClassName === undefined ? [`Ingress ${metadata.name} does not specify an Ingress class.`] : []),
    ...backends.filter((name) => !seen.has('Service', name)).map((name) => `Ingress uses the service ${name} which does not exist.`),
  ];
}

function autoscaler({ spec, status }: Item, seen: Seen): string[] {
  const { kind = '', name = '' } = spec.scaleTargetRef ?? {};
  const missing = seen.has(kind, name) ? [] : [`HorizontalPodAutoscaler uses ${kind}/${name} as ScaleTargetRef which does not exist.`];
  return [...status.conditions.filter((one) => one.status !== 'True').map(({ message }) => message), ...missing];
}

const rules: Readonly<Record<string, (item: Item, seen: Seen) => string[]>> = {
  Pod: pod,
  Service: service,
  Ingress: ingress,
  HorizontalPodAutoscaler: autoscaler,
  Deployment: ({ metadata, spec: { replicas = 1 }, status }) =>
    replicas === status.readyReplicas
      ? []
      : [`Deployment ${metadata.name} has ${replicas} replicas but ${status.readyReplicas} are available`],
  ReplicaSet: ({ status }) =>
    status.replicas > 0
      ? []
      : status.conditions
          .filter(({ type, reason }) => type === 'ReplicaFailure' && reason === 'FailedCreate')
          .map(({ message }) => message),
  StatefulSet: ({ spec: { serviceName = '' } }, seen) =>
    seen.has('Service', serviceName) ? [] : [`StatefulSet uses the service ${serviceName} which does not exist.`],
  PersistentVolumeClaim: ({ metadata, status }, seen) => {
    const event = seen.lastEvent(metadata.name);
    return status.phase === 'Pending' && event?.reason === 'ProvisioningFailed' ? [event.message] : [];
  },
  Job: ({ metadata, spec, status }) => [
    ...(spec.suspend === true ? [`Job ${metadata.name} is suspended`] : []),
    ...(status.failed > 0 ? [`Job ${metadata.name} has failed`] : []),
  ],
  CronJob: ({ metadata, spec }) => (spec.suspend === true ? [`CronJob ${metadata.name} is suspended`] : []),
  // None of the pods here takes a config map, and the one that every namespace has is taken by a way that is not looked at.
  ConfigMap: ({ metadata, data }) => [
    `ConfigMap ${metadata.name} is not used by any pods in the namespace`,
    ...(data === undefined ? [`ConfigMap ${metadata.name} is empty`] : []),
  ],
};

/** Of one namespace. */
export async function complaints(kubectl: (argv: readonly string[]) => Promise<string>, namespace: string): Promise<readonly Complaint[]> {
  const text = await kubectl(['get', kinds, `--namespace=${namespace}`, '--output=json']);
  const { items } = z.object({ items: z.array(Item) }).parse(JSON.parse(text));
  const seen = seenOf(items);
  return items.flatMap((item) =>
    (rules[item.kind]?.(item, seen) ?? []).map((said) => ({ kind: item.kind, name: item.metadata.name, text: said })),
  );
}
