import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { fitting } from '../fitting.ts';
import { KubernetesLabel } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { compactList } from './compact.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { ReplicaSetObject, WorkloadObject } from './objects.ts';
import { PodSnapshot } from './pod-snapshot.ts';
import { PodObject, podSnapshot } from './pods.ts';
import { WorkloadSnapshot, workloadSnapshot } from './workload-snapshot.ts';

/** Without a namespace: all of them. */
const Input = z.strictObject({ namespace: KubernetesLabel.optional() });

/** What runs in a namespace, or in all: those in trouble first. */
export const Workloads = z.object({
  workloads: z.array(WorkloadSnapshot),
  pods: z.array(PodSnapshot),
  /** How many of each were left out: of those in trouble none before all others. */
  omitted: z.object({ workloads: z.number().int().nonnegative(), pods: z.number().int().nonnegative() }),
});
export type Workloads = z.infer<typeof Workloads>;

/** Bytes of the workloads, and of the pods, in an answer: some five thousand pods. */
const limits = { workloads: 1.5 * 1024 * 1024, pods: 3.5 * 1024 * 1024 } as const;

const List = z.object({ items: z.array(z.looseObject({ kind: z.string() })) });

export const workloads = read({
  name: 'kubernetes.workloads',
  summary: 'Workloads and pods: replicas, revisions, conditions, container states',
  input: Input,
  output: Workloads,
  command: ({ namespace }, site) => ({
    ...kubectl(site, [
      'get',
      'deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,pods',
      namespace === undefined ? '--all-namespaces=true' : `--namespace=${namespace}`,
      '--output=json',
    ]),
    list: compactList,
  }),
  parse: ({ stdout }) => snapshotOf(parseJson(List, stdout).items),
  timeoutMs: kubectlTimeoutMs,
  permissions: ['list deployments.apps', 'list statefulsets.apps', 'list daemonsets.apps', 'list replicasets.apps', 'list pods'],
});

const workloadKinds: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

function snapshotOf(items: readonly { readonly kind: string }[]): Workloads {
  const replicaSets = pick(items, ['ReplicaSet'], ReplicaSetObject);
  const owned = Map.groupBy(replicaSets, ({ metadata: { ownerReferences: owners = [] } }) => {
    const owner = owners.find(({ controller }) => controller === true) ?? owners[0];
    return owner?.uid;
  });
  const found = pick(items, workloadKinds, WorkloadObject).map((one) => workloadSnapshot(one, owned.get(one.metadata.uid) ?? []));
  const pods = pick(items, ['Pod'], PodObject).map(podSnapshot);
  found.sort((a, b) => Number(a.complete) - Number(b.complete));
  pods.sort((a, b) => trouble(b) - trouble(a));
  const shown = { workloads: fitting(shortened(found), limits.workloads), pods: fitting(pods, limits.pods) };
  return { ...shown, omitted: { workloads: found.length - shown.workloads.length, pods: pods.length - shown.pods.length } };
}

/** So many workloads are shown with all their revisions; of more that are complete, the last two tell what changed. */
const detailed = 200;

const shortened = (all: readonly WorkloadSnapshot[]): readonly WorkloadSnapshot[] =>
  all.map((one, index) => (index < detailed || !one.complete ? one : { ...one, conditions: [], revisions: one.revisions.slice(0, 2) }));

function pick<T>(items: readonly { readonly kind: string }[], kinds: readonly string[], type: z.ZodType<T>): T[] {
  const parsed = z.array(type).safeParse(items.filter(({ kind }) => kinds.includes(kind)));
  if (!parsed.success) throw new OutputMalformed(`unexpected ${kinds[0]} at /${parsed.error.issues[0]?.path.join('/') ?? ''}`);
  return parsed.data;
}

/** For order only: not ready, then restarted, then the rest. Pods of finished jobs are not in trouble. */
function trouble(pod: PodSnapshot): number {
  if (!pod.ready && pod.phase !== 'Succeeded') return 2;
  return pod.containers.some(({ restartCount }) => restartCount > 0) ? 1 : 0;
}
