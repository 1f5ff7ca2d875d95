import { z } from 'zod';
import type { AvoidedPods, ContainerSpec, PodSpec, ProbeSpec, Reference } from '../model/pod-spec.ts';
import { Port, Text, Texts } from './common.ts';

const Handler = z.looseObject({ port: Port.nullish() }).nullish();
const Probe = z.looseObject({
  httpGet: Handler,
  tcpSocket: Handler,
  grpc: Handler,
  exec: z.unknown().optional(),
  initialDelaySeconds: z.number().nullish(),
  periodSeconds: z.number().nullish(),
  timeoutSeconds: z.number().nullish(),
  failureThreshold: z.number().nullish(),
});

const Named = z.looseObject({ name: Text.nullish(), optional: z.boolean().nullish(), key: Text.nullish() });
const Container = z.looseObject({
  name: z.string(),
  image: z.string().nullish(),
  ports: z.array(z.looseObject({ name: z.string().nullish(), containerPort: z.number(), protocol: z.string().nullish() })).nullish(),
  livenessProbe: Probe.nullish(),
  readinessProbe: Probe.nullish(),
  startupProbe: Probe.nullish(),
  resources: z.looseObject({ requests: Texts, limits: Texts }).nullish(),
  env: z
    .array(
      z.looseObject({
        name: z.string(),
        value: Text.nullish(),
        valueFrom: z.looseObject({ secretKeyRef: Named.nullish(), configMapKeyRef: Named.nullish() }).nullish(),
      }),
    )
    .nullish(),
  envFrom: z.array(z.looseObject({ secretRef: Named.nullish(), configMapRef: Named.nullish() })).nullish(),
});
type Container = z.infer<typeof Container>;

const Expression = z.looseObject({ key: z.string(), operator: z.string(), values: z.array(Text).nullish() });
const Avoided = z.looseObject({
  topologyKey: z.string(),
  labelSelector: z.looseObject({ matchLabels: Texts, matchExpressions: z.array(Expression).nullish() }).nullish(),
  namespaces: z.array(z.string()).nullish(),
  namespaceSelector: z.unknown().optional(),
});
const Volume = z.looseObject({
  persistentVolumeClaim: z.looseObject({ claimName: z.string() }).nullish(),
  secret: z.looseObject({ secretName: z.string().nullish(), optional: z.boolean().nullish() }).nullish(),
  configMap: Named.nullish(),
});

const Spec = z.looseObject({
  serviceAccountName: z.string().nullish(),
  nodeSelector: Texts,
  nodeName: z.string().nullish(),
  affinity: z
    .looseObject({
      nodeAffinity: z
        .looseObject({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .looseObject({ nodeSelectorTerms: z.array(z.looseObject({ matchExpressions: z.array(Expression).nullish() })) })
            .nullish(),
        })
        .nullish(),
      podAntiAffinity: z.looseObject({ requiredDuringSchedulingIgnoredDuringExecution: z.array(Avoided).nullish() }).nullish(),
    })
    .nullish(),
  tolerations: z
    .array(
      z.looseObject({ key: z.string().nullish(), operator: z.string().nullish(), value: Text.nullish(), effect: z.string().nullish() }),
    )
    .nullish(),
  dnsPolicy: z.string().nullish(),
  dnsConfig: z.looseObject({ nameservers: z.array(z.string()).nullish() }).nullish(),
  imagePullSecrets: z.array(z.looseObject({ name: z.string() })).nullish(),
  schedulingGates: z.array(z.looseObject({ name: z.string() })).nullish(),
  volumes: z.array(Volume).nullish(),
  containers: z.array(Container),
});

/** Of a pod, or of the template of a workload. */
export const Templated = z.looseObject({ metadata: z.looseObject({ labels: Texts, annotations: Texts }).nullish(), spec: Spec });

function probe(value: z.infer<typeof Probe> | null | undefined): ProbeSpec | undefined {
  if (value == null) return undefined;
  const kind = value.httpGet != null ? 'http' : value.tcpSocket != null ? 'tcp' : value.grpc != null ? 'grpc' : 'exec';
  return {
    kind,
    port: (value.httpGet ?? value.tcpSocket ?? value.grpc)?.port ?? null,
    initialDelay: value.initialDelaySeconds ?? 0,
    period: value.periodSeconds ?? 10,
    timeout: value.timeoutSeconds ?? 1,
    failureThreshold: value.failureThreshold ?? 3,
  };
}

function reference(kind: Reference['kind'], value: z.infer<typeof Named> | null | undefined): Reference[] {
  if (value?.name == null) return [];
  return [{ kind, name: value.name, key: value.key ?? null, optional: value.optional ?? false }];
}

function references(container: Container, volumes: readonly z.infer<typeof Volume>[]): Reference[] {
  return [
    ...(container.env ?? []).flatMap(({ valueFrom }) => [
      ...reference('secret', valueFrom?.secretKeyRef),
      ...reference('configmap', valueFrom?.configMapKeyRef),
    ]),
    ...(container.envFrom ?? []).flatMap((from) => [...reference('secret', from.secretRef), ...reference('configmap', from.configMapRef)]),
    ...volumes.flatMap(({ secret, configMap }) => [
      ...(secret?.secretName == null ? [] : reference('secret', { name: secret.secretName, optional: secret.optional })),
      ...reference('configmap', configMap),
    ]),
  ];
}

function containerSpec(container: Container, volumes: readonly z.infer<typeof Volume>[]): ContainerSpec {
  const probes = {
    liveness: probe(container.livenessProbe),
    readiness: probe(container.readinessProbe),
    startup: probe(container.startupProbe),
  };
  return {
    name: container.name,
    image: container.image ?? '',
    ports: (container.ports ?? []).map((port) => ({
      name: port.name ?? null,
      port: port.containerPort,
      protocol: port.protocol ?? 'TCP',
    })),
    probes: Object.fromEntries(Object.entries(probes).filter(([, value]) => value !== undefined)),
    requests: container.resources?.requests ?? {},
    limits: container.resources?.limits ?? {},
    env: Object.fromEntries((container.env ?? []).flatMap(({ name, value }) => (value == null ? [] : [[name, value]]))),
    references: references(container, volumes),
  };
}

const requirements = (expressions: readonly z.infer<typeof Expression>[] | null | undefined) =>
  (expressions ?? []).map(({ key, operator, values }) => ({ key, operator, values: values ?? [] }));

/** Those of other namespaces are left out, and so is a term that picks nobody. */
function avoided({ topologyKey, labelSelector, namespaces, namespaceSelector }: z.infer<typeof Avoided>): AvoidedPods[] {
  if (labelSelector == null || (namespaces ?? []).length > 0 || namespaceSelector != null) return [];
  return [{ topologyKey, labels: labelSelector.matchLabels, requirements: requirements(labelSelector.matchExpressions) }];
}

export function podSpec({ metadata, spec }: z.infer<typeof Templated>): PodSpec {
  const volumes = spec.volumes ?? [];
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return {
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    serviceAccount: spec.serviceAccountName ?? null,
    nodeSelector: spec.nodeSelector,
    nodeTerms: terms.map(({ matchExpressions }) => requirements(matchExpressions)),
    avoids: (spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(avoided),
    tolerations: (spec.tolerations ?? []).map(({ key, operator, value, effect }) => ({
      key: key ?? null,
      operator: operator ?? 'Equal',
      value: value ?? null,
      effect: effect ?? null,
    })),
    dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
    nameservers: spec.dnsConfig?.nameservers ?? [],
    pullSecrets: (spec.imagePullSecrets ?? []).map(({ name }) => name),
    claims: volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
    gates: (spec.schedulingGates ?? []).map(({ name }) => name),
    containers: spec.containers.map((container) => containerSpec(container, volumes)),
  };
}
