import type { PodSpec } from '../../../../workflows/diagnosis/model/pod-spec.ts';
import type { Snapshot } from '../../../../workflows/diagnosis/snapshot.ts';
import { type Fault, type Place, said, waiting, withContainer, withoutPods, withPods, withSpec } from './place.ts';

const elsewhere = "node(s) didn't match Pod's node affinity/selector";
const host = (at: Place) => at.pod.pod.node ?? '';

const unplaced =
  (why: string, spec: (at: Place) => Partial<PodSpec>, nodes: (at: Place) => Snapshot['nodes'] = ({ estate }) => estate.nodes) =>
  (at: Place) =>
    said(
      at,
      withPods(
        at,
        { ...withSpec(at, spec(at)), nodes: nodes(at) },
        { phase: 'Pending', node: null, conditions: [{ type: 'PodScheduled', status: 'False' }], containers: [] },
      ),
      'FailedScheduling',
      `0/4 nodes are available: 1 node(s) were unschedulable, ${why}. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.`,
    );
const refused = (why: string) => (at: Place) =>
  said(at, withoutPods(at, withSpec(at, {})), 'FailedCreate', `Error creating: pods "${at.workload.name}-x" is forbidden: ${why}`, {
    kind: 'replicaset',
    name: `${at.workload.name}-5f6d7c8b9`,
  });
const unpulled = (why: string) => (at: Place) =>
  said(
    at,
    withPods(at, withSpec(at, {}), { phase: 'Pending' }, waiting('ImagePullBackOff')),
    'Failed',
    `Failed to pull image "${at.container.image}": ${why}`,
  );
const unmade = (reason: string, event: string, message: string) => (at: Place) =>
  said(at, withPods(at, withSpec(at, {}), { phase: 'Pending' }, waiting(reason)), event, message);

const app = (cause: string, way: string, plant: Fault['plant']): Fault => ({ cause, way, of: 'app', plant });
const space = (cause: string, way: string, plant: Fault['plant']): Fault => ({ cause, way, of: 'namespace', plant });
const onHost = (at: Place) => ({ nodeSelector: { 'kubernetes.io/hostname': host(at) } });
const workers = (at: Place, over: Partial<Snapshot['nodes'][number]>, which: (name: string) => boolean) =>
  at.estate.nodes.map((node) => (node.unschedulable || !which(node.name) ? node : { ...node, ...over }));

/** Faults that keep a pod from starting. */
export const beforeStart: readonly Fault[] = [
  app(
    'node_selector_mismatch',
    'labels that no node has',
    unplaced(`3 ${elsewhere}`, () => ({ nodeSelector: { zone: 'x' } })),
  ),
  app(
    'node_affinity_mismatch',
    'more than any label says',
    unplaced(`3 ${elsewhere}`, () => ({ nodeTerms: [[{ key: 'cores', operator: 'Gt', values: ['64'] }]] })),
  ),
  app(
    'cpu_capacity_mismatch',
    'anywhere',
    unplaced('3 Insufficient cpu', (at) => withContainer(at, { requests: { cpu: '16' } })),
  ),
  app('cpu_capacity_mismatch', 'on the node that it asks for', unplaced(`1 Insufficient cpu, 2 ${elsewhere}`, onHost)),
  app('memory_capacity_mismatch', 'on the node that it asks for', unplaced(`1 Insufficient memory, 2 ${elsewhere}`, onHost)),
  app(
    'pod_anti_affinity_conflict',
    'by others',
    unplaced("3 node(s) didn't satisfy existing pods anti-affinity rules", () => ({})),
  ),
  app(
    'pod_anti_affinity_conflict',
    'on the node that it asks for',
    unplaced(`1 node(s) didn't match pod anti-affinity rules, 2 ${elsewhere}`, onHost),
  ),
  app(
    'node_cordon_mismatch',
    'of the node that it asks for',
    unplaced(`1 node(s) were unschedulable, 2 ${elsewhere}`, onHost, (at) =>
      workers(at, { unschedulable: true }, (name) => name === host(at)),
    ),
  ),
  app(
    'taint_toleration_mismatch',
    'with a toleration of another value',
    unplaced(
      '3 node(s) had untolerated taint {dedicated: gpu}',
      () => ({ tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'cpu', effect: 'NoSchedule' }] }),
      (at) => workers(at, { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] }, () => true),
    ),
  ),
  app('missing_service_account', 'refused', refused('error looking up service account a/robot: serviceaccount "robot" not found')),
  space(
    'namespace_cpu_quota_exceeded',
    'two resources at once',
    refused(
      'exceeded quota: q, requested: limits.cpu=200m,requests.cpu=100m, used: limits.cpu=2,requests.cpu=1, limited: limits.cpu=2,requests.cpu=1',
    ),
  ),
  space(
    'namespace_memory_quota_exceeded',
    'nothing asked for',
    refused('failed quota: q: must specify limits.memory for: server; requests.memory for: server'),
  ),
  app('image_registry_dns_failure', 'misbehaving', unpulled('dial tcp: lookup reg.example on 10.0.0.2:53: server misbehaving')),
  app('incorrect_image_reference', 'not found', unpulled('rpc error: code = NotFound desc = failed to resolve reference: not found')),
  app('incorrect_image_reference', 'manifest unknown', unpulled('manifest unknown: Failed to fetch "v9"')),
  app(
    'missing_image_pull_secret',
    '401',
    unpulled('failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized'),
  ),
  app('missing_image_pull_secret', 'denied', unpulled('pull access denied, repository does not exist or may require authorization')),
  app('missing_secret_binding', 'environment', unmade('CreateContainerConfigError', 'Failed', 'Error: secret "nope" not found')),
  app(
    'missing_secret_binding',
    'volume',
    unmade('ContainerCreating', 'FailedMount', 'MountVolume.SetUp failed for volume "v" : secret "nope" not found'),
  ),
  app(
    'oom_killed',
    'before it starts',
    unmade('ContainerCreating', 'FailedCreatePodSandBox', 'container init was OOM-killed (memory limit too low?): unknown'),
  ),
];
