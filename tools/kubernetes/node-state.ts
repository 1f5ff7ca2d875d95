import { z } from 'zod';
import { KubernetesName } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { Condition } from './objects.ts';

export const NodeInput = z.strictObject({ node: KubernetesName });
export type NodeInput = z.infer<typeof NodeInput>;

const Taint = z.object({ key: z.string(), effect: z.string(), value: z.string().optional() });
const Quantities = z.record(z.string(), z.string());

/** One node: whether pods may go there, and whether it works. */
export const NodeState = z.object({
  uid: z.string(),
  unschedulable: z.boolean(),
  ready: z.boolean(),
  kubelet: z.string().nullable(),
  taints: z.array(Taint),
  conditions: z.array(Condition),
  allocatable: Quantities,
});
export type NodeState = z.infer<typeof NodeState>;

const Node = z.object({
  metadata: z.object({ uid: z.string() }),
  spec: z.object({ unschedulable: z.boolean().default(false), taints: z.array(Taint).default([]) }).prefault({}),
  status: z
    .object({
      conditions: z.array(Condition).default([]),
      allocatable: Quantities.default({}),
      nodeInfo: z.object({ kubeletVersion: z.string() }).optional(),
    })
    .prefault({}),
});

export const nodeState = read({
  name: 'kubernetes.node_state',
  summary: 'One node: whether it takes pods, whether it is ready, its taints and conditions',
  input: NodeInput,
  output: NodeState,
  command: ({ node }, site) => kubectl(site, ['get', `nodes/${node}`, '--output=json']),
  parse: ({ stdout }) => {
    const { metadata, spec, status } = parseJson(Node, stdout);
    return {
      uid: metadata.uid,
      unschedulable: spec.unschedulable,
      ready: status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
      kubelet: status.nodeInfo?.kubeletVersion ?? null,
      taints: spec.taints,
      conditions: status.conditions,
      allocatable: status.allocatable,
    };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: ['get nodes'],
});
