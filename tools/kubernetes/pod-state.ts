import { z } from 'zod';
import { KubernetesLabel, KubernetesName, Uuid } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { Condition, Metadata } from './objects.ts';

const Owner = z.object({ kind: z.string(), name: z.string(), uid: z.string() });
const Counts = z.object({ total: z.number().int(), ready: z.number().int() });

/** One pod, or that there is none; and how many its controller has. */
export const PodState = z.object({
  exists: z.boolean(),
  uid: z.string().nullable(),
  phase: z.string().nullable(),
  ready: z.boolean(),
  owner: Owner.nullable(),
  /** Pods of the same controller, this one included; those that are ending left out. */
  siblings: Counts,
});
export type PodState = z.infer<typeof PodState>;

const Input = z.strictObject({
  namespace: KubernetesLabel,
  name: KubernetesName,
  /** UID of the controller whose pods are counted. Unset: the one of this pod. */
  owner: Uuid.optional(),
});

const List = z.object({
  items: z.array(
    z.object({
      metadata: Metadata.extend({ deletionTimestamp: z.string().nullish() }),
      status: z.object({ phase: z.string().default('Unknown'), conditions: z.array(Condition).default([]) }).prefault({}),
    }),
  ),
});
type Item = z.infer<typeof List>['items'][number];

export const podState = read({
  name: 'kubernetes.pod_state',
  summary: 'One pod or that it does not exist, its controller, and how many pods that has',
  input: Input,
  output: PodState,
  command: ({ namespace }, site) => kubectl(site, ['get', 'pods', `--namespace=${namespace}`, '--output=json']),
  parse: ({ stdout }, input) => {
    const { items } = parseJson(List, stdout);
    const pod = items.find(({ metadata }) => metadata.name === input.name);
    const owner = pod === undefined ? null : ownerOf(pod);
    const counted = input.owner ?? owner?.uid ?? null;
    const siblings = items.filter((item) => counted !== null && ownerOf(item)?.uid === counted && item.metadata.deletionTimestamp == null);
    return {
      exists: pod !== undefined,
      uid: pod?.metadata.uid ?? null,
      phase: pod?.status.phase ?? null,
      ready: pod !== undefined && isReady(pod),
      owner,
      siblings: { total: siblings.length, ready: siblings.filter(isReady).length },
    };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: ['list pods'],
});

function ownerOf({ metadata }: Item): z.infer<typeof Owner> | null {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner === undefined ? null : { kind: owner.kind, name: owner.name, uid: owner.uid };
}

function isReady({ status }: Item): boolean {
  return status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}
