import { type EstateState, namespace } from '../model/state.ts';
import { Refusal } from '../programs/program.ts';
import { deploymentObject } from '../render/deployment.ts';
import { annotated, type KubernetesObject } from '../render/object.ts';
import { podObject } from '../render/pod.ts';
import { eventObject, namespaceObject, nodeObject, serviceObject } from '../render/rest.ts';
import { controllerRevisionObject, replicaSetObject, statefulSetObject } from '../render/sets.ts';

export interface Resource {
  readonly plural: string;
  readonly singular: string;
  readonly short: readonly string[];
  /** Empty for the core group. */
  readonly group: string;
  readonly namespaced: boolean;
  list(state: EstateState, now: number): KubernetesObject[];
}

const none = () => [];
const kind = (
  plural: string,
  singular: string,
  short: string[],
  group: string,
  list: Resource['list'] = none,
  namespaced = true,
): Resource => ({ plural, singular, short, group, namespaced, list });

export const resources: readonly Resource[] = [
  kind('deployments', 'deployment', ['deploy'], 'apps', (state) =>
    state.deployments.map((deployment) => deploymentObject(state, deployment)),
  ),
  kind('replicasets', 'replicaset', ['rs'], 'apps', (state) => state.replicaSets.map((set) => replicaSetObject(state, set))),
  kind('statefulsets', 'statefulset', ['sts'], 'apps', (state) =>
    state.statefulSets.map((set) => annotated(state, statefulSetObject(state, set))),
  ),
  kind('controllerrevisions', 'controllerrevision', [], 'apps', (state) => state.statefulSets.map(controllerRevisionObject)),
  kind('pods', 'pod', ['po'], '', (state, now) => state.pods.map((pod) => annotated(state, podObject(pod, now)))),
  kind('services', 'service', ['svc'], '', (state) => state.services.map((service) => annotated(state, serviceObject(service)))),
  kind('events', 'event', ['ev'], '', (state) => state.events.map(eventObject)),
  kind('nodes', 'node', ['no'], '', (state) => [annotated(state, nodeObject(state))], false),
  kind(
    'namespaces',
    'namespace',
    ['ns'],
    '',
    (state) => ['default', 'kube-system', namespace].map((name) => annotated(state, namespaceObject(state, name))),
    false,
  ),
  kind('secrets', 'secret', [], ''),
  kind('configmaps', 'configmap', ['cm'], ''),
  kind('endpoints', 'endpoints', ['ep'], ''),
  kind('persistentvolumeclaims', 'persistentvolumeclaim', ['pvc'], ''),
  kind('resourcequotas', 'resourcequota', ['quota'], ''),
  kind('serviceaccounts', 'serviceaccount', ['sa'], ''),
  kind('daemonsets', 'daemonset', ['ds'], 'apps'),
  kind('jobs', 'job', [], 'batch'),
  kind('cronjobs', 'cronjob', ['cj'], 'batch'),
  kind('horizontalpodautoscalers', 'horizontalpodautoscaler', ['hpa'], 'autoscaling'),
  kind('ingresses', 'ingress', ['ing'], 'networking.k8s.io'),
  kind('networkpolicies', 'networkpolicy', ['netpol'], 'networking.k8s.io'),
  kind('endpointslices', 'endpointslice', [], 'discovery.k8s.io'),
  kind('limitranges', 'limitrange', ['limits'], ''),
  kind('persistentvolumes', 'persistentvolume', ['pv'], '', none, false),
  kind('storageclasses', 'storageclass', ['sc'], 'storage.k8s.io', none, false),
  kind('mutatingwebhookconfigurations', 'mutatingwebhookconfiguration', [], 'admissionregistration.k8s.io', none, false),
  kind('validatingwebhookconfigurations', 'validatingwebhookconfiguration', [], 'admissionregistration.k8s.io', none, false),
  kind('poddisruptionbudgets', 'poddisruptionbudget', ['pdb'], 'policy'),
];

/** `deployments.apps`, as the API server names it. */
export function qualified(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** `deployment.apps/checkout`, as kubectl names what it changed. */
export function reference(resource: Resource, name: string): string {
  return `${resource.singular}${resource.group === '' ? '' : `.${resource.group}`}/${name}`;
}

function resourceNamed(word: string): Resource {
  const lower = word.toLowerCase();
  const found = resources.find((resource) => {
    const names = [resource.plural, resource.singular, ...resource.short];
    return names.some(
      (name) =>
        lower === name || (resource.group !== '' && (lower === `${name}.${resource.group}` || lower === `${name}.v1.${resource.group}`)),
    );
  });
  if (!found) throw new Refusal(`error: the server doesn't have a resource type "${word}"`);
  return found;
}

/** What a command names: kinds as a whole (`name` null) or single objects. */
export interface Target {
  readonly resource: Resource;
  readonly name: string | null;
}

/** `TYPE[,TYPE] [NAME …]` or `TYPE/NAME …`. Throws Refusal in kubectl's words. */
export function parseTargets(args: readonly string[]): Target[] {
  const first = args[0] ?? '';
  const mixed = args.some((arg) => arg.includes('/'));
  if (mixed && !first.includes('/'))
    throw new Refusal(
      "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  if (mixed) return args.map(slashed);
  const kinds = first
    .split(',')
    .filter((word) => word !== '')
    .map(resourceNamed);
  const names = args.slice(1);
  if (names.length === 0) return kinds.map((resource) => ({ resource, name: null }));
  return kinds.flatMap((resource) => names.map((name) => ({ resource, name })));
}

function slashed(arg: string): Target {
  const parts = arg.split('/');
  if (parts.length !== 2 && arg.includes('/')) throw new Refusal(`error: arguments in resource/name form may not have more than one slash`);
  const [type = '', name = ''] = parts;
  if (!arg.includes('/'))
    throw new Refusal(
      "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    );
  if (type === '' || name === '') throw new Refusal('error: arguments in resource/name form must have a single resource and name');
  return { resource: resourceNamed(type), name };
}

export function notFound(resource: Resource, name: string): string {
  return `Error from server (NotFound): ${qualified(resource)} "${name}" not found`;
}

/** Objects of a kind that are visible in a namespace (null: in all), by name. */
export function listIn(resource: Resource, state: EstateState, now: number, space: string | null): KubernetesObject[] {
  if (resource.namespaced && space !== null && space !== namespace) return [];
  return resource.list(state, now).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
