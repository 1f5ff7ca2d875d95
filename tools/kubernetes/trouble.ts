import { z } from 'zod';

const Condition = z.looseObject({ type: z.string(), status: z.string() });
const count = z.number().nullish();
const Standing = z.looseObject({
  kind: z.string(),
  spec: z.looseObject({ replicas: count, unschedulable: z.boolean().nullish(), taints: z.array(z.unknown()).nullish() }).nullish(),
  status: z
    .looseObject({
      phase: z.string().nullish(),
      failed: count,
      readyReplicas: count,
      numberReady: count,
      desiredNumberScheduled: count,
      disruptionsAllowed: count,
      conditions: z.array(Condition).nullish(),
    })
    .nullish(),
  endpoints: z.array(z.looseObject({ conditions: z.looseObject({ ready: z.boolean().nullish() }).nullish() })).nullish(),
});
type Standing = z.infer<typeof Standing>;

const says = ({ status }: Standing, wanted: string, is: string) =>
  (status?.conditions ?? []).some(({ type, status: has }) => type === wanted && has === is);

/** By kind: whether the object itself says that something is amiss. What is not here does not tell. */
const troubles: Readonly<Record<string, (object: Standing) => boolean>> = {
  Pod: (pod) => pod.status?.phase !== 'Succeeded' && !says(pod, 'Ready', 'True'),
  Node: (node) =>
    !says(node, 'Ready', 'True') ||
    node.spec?.unschedulable === true ||
    (node.spec?.taints ?? []).length > 0 ||
    (node.status?.conditions ?? []).some(({ type, status }) => type !== 'Ready' && status === 'True'),
  Deployment: ({ spec, status }) => (status?.readyReplicas ?? 0) < (spec?.replicas ?? 1),
  ReplicaSet: ({ spec, status }) => (status?.readyReplicas ?? 0) < (spec?.replicas ?? 1),
  StatefulSet: ({ spec, status }) => (status?.readyReplicas ?? 0) < (spec?.replicas ?? 1),
  DaemonSet: ({ status }) => (status?.numberReady ?? 0) < (status?.desiredNumberScheduled ?? 0),
  Job: ({ status }) => (status?.failed ?? 0) > 0,
  PersistentVolumeClaim: ({ status }) => status?.phase !== 'Bound',
  PersistentVolume: ({ status }) => status?.phase !== 'Bound',
  PodDisruptionBudget: ({ status }) => status?.disruptionsAllowed === 0,
  EndpointSlice: ({ endpoints }) => !(endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
};

/** Whether an object is in trouble, and so is shown before others of its kind. */
export function inTrouble(object: unknown): boolean {
  const parsed = Standing.safeParse(object);
  return parsed.success && troubles[parsed.data.kind]?.(parsed.data) === true;
}
