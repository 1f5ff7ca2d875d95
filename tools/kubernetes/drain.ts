import type { Expectation, OperationCall } from '../contract.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { takesPods } from './cordon.ts';
import { kubectl } from './kubectl.ts';
import { NodePods } from './node-pods.ts';
import { NodeInput } from './node-state.ts';

/** Disruption budgets are kept; pods that nothing starts again and data that would be lost stop the drain before it begins. */
const argv = ['--ignore-daemonsets=true', '--delete-emptydir-data=false', '--force=false', '--timeout=90s'];

export const drain = write({
  name: 'kubernetes.drain',
  tier: 'high',
  summary: 'Let no new pods on a node and end those that run there, within their disruption budgets',
  input: NodeInput,
  output: Message,
  command: ({ node }, site) => kubectl(site, ['drain', `node/${node}`, ...argv]),
  dryRun: ({ node }, site) => kubectl(site, ['drain', `node/${node}`, ...argv, '--dry-run=server']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: 100_000,
  permissions: ['get and patch nodes', 'get and list pods', 'create pods/eviction', 'get daemonsets.apps'],
  state: nodePodsOf,
  stateOutput: NodePods,
  preconditions: (_input, before) => [
    { pointer: '/evictable', op: 'lte', value: before.evictable },
    { pointer: '/unmanaged', op: 'eq', value: 0 },
    { pointer: '/withLocalData', op: 'eq', value: 0 },
  ],
  impact: (_input, before) => ({ targets: 1, replicas: before.evictable, percent: before.evictable === 0 ? 0 : 100 }),
  probe: () => empty,
  // That the node was closed, and who closed it, does not show in its pods.
  untouched: () => null,
  verification: (input) => [
    takesPods(input, true),
    { title: `Node ${input.node} is empty`, ...nodePodsOf(input), expect: [...empty], withinSeconds: 60, stableSeconds: 0 },
  ],
  irreversibleReason:
    'pods that were ended stay where they went; the node stays closed, since somebody else may have closed it: kubernetes.uncordon opens it',
});

const empty: readonly Expectation[] = [{ pointer: '/evictable', op: 'eq', value: 0 }];

function nodePodsOf(input: NodeInput): OperationCall {
  return { operation: 'kubernetes.node_pods', input };
}
