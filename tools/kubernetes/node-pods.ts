import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { NodeInput } from './node-state.ts';
import { Metadata } from './objects.ts';

const Pod = z.object({ namespace: z.string(), name: z.string(), phase: z.string(), owner: z.string().nullable(), localData: z.boolean() });

/** What runs on a node, by what a drain does to it. */
export const NodePods = z.object({
  /** Pods that a drain ends; those of daemon sets, of the node itself, and finished ones stay. */
  evictable: z.number().int(),
  /** Of them: nothing would start them again. */
  unmanaged: z.number().int(),
  /** Of them: they keep data on the node, which a drain would lose. */
  withLocalData: z.number().int(),
  pods: z.array(Pod),
  /** Pods left out. */
  omitted: z.number().int().nonnegative(),
});
export type NodePods = z.infer<typeof NodePods>;

const List = z.object({
  items: z.array(
    z.object({
      metadata: Metadata,
      spec: z.object({ volumes: z.array(z.object({ emptyDir: z.unknown().optional() })).default([]) }).prefault({}),
      status: z.object({ phase: z.string().default('Unknown') }).prefault({}),
    }),
  ),
});
type Item = z.infer<typeof List>['items'][number];

/** Pods in an answer. */
const limit = 200;

export const nodePods = read({
  name: 'kubernetes.node_pods',
  summary: 'Pods on a node, and which of them a drain would end',
  input: NodeInput,
  output: NodePods,
  command: ({ node }, site) =>
    kubectl(site, ['get', 'pods', '--all-namespaces=true', `--field-selector=spec.nodeName=${node}`, '--output=json']),
  parse: ({ stdout }) => {
    const items = parseJson(List, stdout).items;
    const ended = items.filter(isEvictable);
    return {
      evictable: ended.length,
      unmanaged: ended.filter((item) => ownerOf(item) === null).length,
      withLocalData: ended.filter(hasLocalData).length,
      pods: items.slice(0, limit).map((item) => ({
        namespace: item.metadata.namespace ?? '',
        name: item.metadata.name,
        phase: item.status.phase,
        owner: ownerOf(item),
        localData: hasLocalData(item),
      })),
      omitted: Math.max(0, items.length - limit),
    };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: ['list pods'],
});

function ownerOf({ metadata }: Item): string | null {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner === undefined ? null : `${owner.kind}/${owner.name}`;
}

function hasLocalData({ spec }: Item): boolean {
  return spec.volumes.some((volume) => volume.emptyDir !== undefined);
}

function isEvictable(item: Item): boolean {
  const mirrored = item.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  const finished = item.status.phase === 'Succeeded' || item.status.phase === 'Failed';
  return !mirrored && !finished && ownerOf(item)?.startsWith('DaemonSet/') !== true;
}
