import type { Check, Expectation, OperationCall } from '../contract.ts';
import { OutputMalformed } from '../errors.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { type AnyOperation, type CommandResult, write } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { NodeInput, NodeState } from './node-state.ts';

const summaries = {
  cordon: 'Let no new pods on a node; those that run there stay',
  uncordon: 'Let new pods on a node again',
} as const;

function schedulingOf(verb: keyof typeof summaries): AnyOperation {
  const closed = verb === 'cordon';
  return write({
    name: `kubernetes.${verb}`,
    tier: 'medium',
    summary: summaries[verb],
    input: NodeInput,
    output: Message,
    command: ({ node }, site) => kubectl(site, [verb, `node/${node}`]),
    dryRun: ({ node }, site) => kubectl(site, [verb, `node/${node}`, '--dry-run=server']),
    parse: said,
    cut: cutMessage,
    timeoutMs: kubectlTimeoutMs,
    permissions: ['get and patch nodes'],
    state: nodeStateOf,
    stateOutput: NodeState,
    preconditions: (_input, before) => [
      { pointer: '/uid', op: 'eq', value: before.uid },
      { pointer: '/unschedulable', op: 'eq', value: before.unschedulable },
    ],
    impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
    probe: () => [scheduling(closed)],
    verification: (input) => [takesPods(input, closed)],
    rollback: (input, before) => ({ operation: before.unschedulable ? 'kubernetes.cordon' : 'kubernetes.uncordon', input }),
  });
}

export const cordon = schedulingOf('cordon');
export const uncordon = schedulingOf('uncordon');

/** kubectl ends with 0 where the server refuses the patch, and says so on standard error only (seen in 1.34.2). Throws OutputMalformed. */
function said(result: CommandResult): Message {
  const message = parseMessage(result);
  if (message.message === '')
    throw new OutputMalformed('kubectl left the node as it is: the API server refused, most likely for want of rights');
  return message;
}

function nodeStateOf(input: NodeInput): OperationCall {
  return { operation: 'kubernetes.node_state', input };
}

function scheduling(closed: boolean): Expectation {
  return { pointer: '/unschedulable', op: 'eq', value: closed };
}

export function takesPods(input: NodeInput, closed: boolean): Check {
  return {
    title: `Node ${input.node} takes ${closed ? 'no new' : 'new'} pods`,
    ...nodeStateOf(input),
    expect: [scheduling(closed)],
    withinSeconds: 15,
    stableSeconds: 0,
  };
}
