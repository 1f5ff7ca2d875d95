import { z } from 'zod';

/** Kinds that `get` and `describe` read. Secrets are none of them; neither are kinds that hold credentials, e.g. service account tokens. */
const namespaced = {
  pod: 'pods',
  service: 'services',
  endpointslice: 'endpointslices.discovery.k8s.io',
  configmap: 'configmaps',
  persistentvolumeclaim: 'persistentvolumeclaims',
  serviceaccount: 'serviceaccounts',
  resourcequota: 'resourcequotas',
  limitrange: 'limitranges',
  deployment: 'deployments.apps',
  replicaset: 'replicasets.apps',
  statefulset: 'statefulsets.apps',
  daemonset: 'daemonsets.apps',
  job: 'jobs.batch',
  cronjob: 'cronjobs.batch',
  ingress: 'ingresses.networking.k8s.io',
  networkpolicy: 'networkpolicies.networking.k8s.io',
  horizontalpodautoscaler: 'horizontalpodautoscalers.autoscaling',
  poddisruptionbudget: 'poddisruptionbudgets.policy',
  gateway: 'gateways.gateway.networking.k8s.io',
  httproute: 'httproutes.gateway.networking.k8s.io',
} as const;

const clusterWide = {
  node: 'nodes',
  namespace: 'namespaces',
  persistentvolume: 'persistentvolumes',
  storageclass: 'storageclasses.storage.k8s.io',
  gatewayclass: 'gatewayclasses.gateway.networking.k8s.io',
  mutatingwebhookconfiguration: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  validatingwebhookconfiguration: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
} as const;

/** Of definitions that a cluster may lack: there are none of it then. */
const optional: ReadonlySet<string> = new Set(['gateway', 'httproute', 'gatewayclass']);

const resources = { ...namespaced, ...clusterWide };

type Kind = keyof typeof resources;

export const ReadableKind = z.enum(Object.keys(resources) as [Kind, ...Kind[]]);
export type ReadableKind = z.infer<typeof ReadableKind>;

/** The resource as kubectl takes it: `deployments.apps`. */
export function resourceOf(kind: ReadableKind): string {
  return resources[kind];
}

/** Whether a cluster may do without the kind. */
export function isOptional(kind: ReadableKind): boolean {
  return optional.has(kind);
}

/** Namespaced kinds need a namespace, the others have none. */
export function isNamespaced(kind: ReadableKind): boolean {
  return Object.hasOwn(namespaced, kind);
}

/** Read permissions of all of them. */
export const readPermissions: readonly string[] = Object.values(resources).map((resource) => `get and list ${resource}`);
