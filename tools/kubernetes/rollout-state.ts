import { z } from 'zod';
import { NotFound, OutputMalformed } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { CommandResult } from '../operation.ts';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs, Workload, type WorkloadKind } from './kubectl.ts';
import { ControllerRevisionObject, isOwnedBy, ReplicaSetObject, WorkloadObject } from './objects.ts';
import { gitOwnerOf } from './owner.ts';
import { ReplicaCounts, replicasOf } from './replicas.ts';
import { fromControllerRevision, fromReplicaSet, type KeptRevision, Revision } from './revisions.ts';
import { rolloutTime } from './rolled-out.ts';
import { progressDeadlineExceeded, waitingFor } from './rollout-progress.ts';
import { imagesOf, Resources, resourcesOf, restartedAt, sameTemplate } from './template.ts';
import { fieldsBesideImages } from './template-fields.ts';

/** Where a workload's rollout stands, and to which revisions it can return. */
export const RolloutState = z.object({
  uid: z.string(),
  /** What brings it back to how Git has it; null: nothing does. Absent: not known. */
  gitOwner: z.string().nullable().optional(),
  generation: z.number().int(),
  observedGeneration: z.number().int(),
  /** Of the template that the workload asks for; 0: the controller has recorded none yet. */
  revision: z.number().int().nonnegative(),
  /** Of that revision; null: the controller has recorded none yet. */
  templateHash: z.string().nullable(),
  images: z.record(z.string(), z.string()),
  /** By container. */
  resources: z.record(z.string(), Resources).default({}),
  replicas: ReplicaCounts,
  paused: z.boolean(),
  /** As `kubectl rollout status` decides. */
  complete: z.boolean(),
  /** Words; null when complete. */
  waitingFor: z.string().nullable(),
  restartedAt: z.string().nullable(),
  progressDeadlineExceeded: z.boolean(),
  /** When that revision was rolled out; of one that is reused, when the rollout last went on. Null: not known. Absent: it was not asked for. */
  rolledOutAt: z.string().nullable().optional(),
  /** Newest first. */
  revisions: z.array(Revision),
});
export type RolloutState = z.infer<typeof RolloutState>;

/** Fields that are named of one revision. */
const mostFields = 20;

const plural: Record<WorkloadKind, string> = { deployment: 'deployments', statefulset: 'statefulsets', daemonset: 'daemonsets' };

const List = z.object({ items: z.array(z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) })) });

/** One listing of the namespace: a workload and its revisions as they were at one time, without knowing its selector. */
export const rolloutState = read({
  name: 'kubernetes.rollout_state',
  summary: 'Where the rollout of a workload stands: revision, images, replicas, and the revisions it can return to',
  input: Workload,
  output: RolloutState,
  command: (input, site) => {
    const revisions = input.kind === 'deployment' ? 'replicasets.apps' : 'controllerrevisions.apps';
    return kubectl(site, ['get', `${plural[input.kind]}.apps,${revisions}`, `--namespace=${input.namespace}`, '--output=json']);
  },
  parse: parseRolloutState,
  timeoutMs: kubectlTimeoutMs,
  permissions: [
    'list deployments.apps',
    'list statefulsets.apps',
    'list daemonsets.apps',
    'list replicasets.apps',
    'list controllerrevisions.apps',
  ],
});

function parseRolloutState(result: CommandResult, input: Workload): RolloutState {
  const { items } = parseJson(List, result.stdout);
  const found = items.find((item) => item.kind.toLowerCase() === input.kind && item.metadata.name === input.name);
  if (found === undefined) throw new NotFound(`${input.kind} ${input.namespace}/${input.name} not found`);
  const workload = parseItem(WorkloadObject, found);
  const kept = items
    .filter((item) => item.kind === 'ReplicaSet' || item.kind === 'ControllerRevision')
    .map((item) => (item.kind === 'ReplicaSet' ? parseItem(ReplicaSetObject, item) : parseItem(ControllerRevisionObject, item)))
    .filter((item) => isOwnedBy(item.metadata, workload.metadata))
    .map((item) => (item.kind === 'ReplicaSet' ? fromReplicaSet(item) : fromControllerRevision(item)))
    .sort((a, b) => b.revision.revision - a.revision.revision);
  return stateOf(workload, kept);
}

function parseItem<T>(type: z.ZodType<T>, item: unknown): T {
  const parsed = type.safeParse(item);
  if (!parsed.success) throw new OutputMalformed(`unexpected object at /${parsed.error.issues[0]?.path.join('/') ?? ''}`);
  return parsed.data;
}

function stateOf(workload: WorkloadObject, kept: readonly KeptRevision[]): RolloutState {
  const current = currentRevision(workload, kept);
  const waiting = waitingFor(workload);
  return {
    uid: workload.metadata.uid,
    gitOwner: gitOwnerOf(workload.metadata),
    generation: workload.metadata.generation ?? 0,
    observedGeneration: workload.status.observedGeneration,
    revision: current?.revision ?? 0,
    templateHash: current?.templateHash ?? null,
    images: imagesOf(workload.spec.template),
    resources: resourcesOf(workload.spec.template),
    replicas: replicasOf(workload),
    paused: workload.spec.paused ?? false,
    complete: waiting === null,
    waitingFor: waiting,
    restartedAt: restartedAt(workload.spec.template),
    progressDeadlineExceeded: progressDeadlineExceeded(workload),
    rolledOutAt: rolloutTime(workload, current, kept),
    revisions: kept.map(({ revision, template }) => ({
      ...revision,
      differsIn: fieldsBesideImages(template, workload.spec.template).slice(0, mostFields),
    })),
  };
}

/**
 * The revision that keeps the template asked for. By the template and not by the deployment's annotation: the annotation
 * names the old revision until the controller has seen a change, and a probe at that moment would ask for a second undo.
 * Defaults that a newer API server adds can make an old template differ; what the controller has recorded counts then.
 */
function currentRevision(workload: WorkloadObject, kept: readonly KeptRevision[]): Revision | null {
  const same = kept.find(({ template }) => sameTemplate(template, workload.spec.template));
  if (same !== undefined) return same.revision;
  if ((workload.metadata.generation ?? 0) > workload.status.observedGeneration) return null;
  const recorded = Number(workload.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? Number.NaN);
  const updateRevision = workload.status.updateRevision;
  return kept.find(({ revision }) => revision.revision === recorded || revision.name === updateRevision)?.revision ?? null;
}
