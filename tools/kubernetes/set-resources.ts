import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { TargetMissing } from '../errors.ts';
import { argument, KubernetesLabel } from '../grammar.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { kubectl, kubectlTimeoutMs, ref, Workload, workloadOf } from './kubectl.ts';
import { againstDryRun, everyReplica, rolledOut, rolloutStateOf, unchangedSince } from './rollout-checks.ts';
import { RolloutState } from './rollout-state.ts';

/** Written as the server keeps them, so that what is asked for can be compared with what is there. */
const Cpu = argument(10)
  .regex(/^[1-9][0-9]{0,6}m?$/, 'must be whole cores or millicores, e.g. 2 or 250m')
  .refine((value) => !/000m$/.test(value), 'must be whole cores where it is that: 2, not 2000m');
const Memory = argument(12)
  .regex(/^[1-9][0-9]{0,6}(Ki|Mi|Gi)$/, 'must be e.g. 512Mi or 2Gi')
  .refine((value) => Number.parseInt(value, 10) % 1024 !== 0, 'must be in the largest whole unit: 1Gi, not 1024Mi');

const Quantities = z.strictObject({ cpu: Cpu.optional(), memory: Memory.optional() });
type Quantities = z.infer<typeof Quantities>;

const Input = Workload.extend({ container: KubernetesLabel, requests: Quantities.prefault({}), limits: Quantities.prefault({}) }).refine(
  ({ requests, limits }) => Object.keys({ ...requests, ...limits }).length > 0,
  'must set a request or a limit',
);
type Input = z.infer<typeof Input>;

export const setResources = write({
  name: 'kubernetes.set_resources',
  tier: 'medium',
  summary: "Set CPU and memory of one of a workload's containers: what it asks for, and its limits",
  input: Input,
  output: Message,
  command: (input, site) => kubectl(site, change(input)),
  dryRun: (input, site) => kubectl(site, [...change(input), '--dry-run=server', '--output=yaml']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: ['get and patch deployments.apps', 'get and patch statefulsets.apps', 'get and patch daemonsets.apps'],
  state: rolloutStateOf,
  stateOutput: RolloutState,
  gitOwner: (before) => before.gitOwner,
  comparison: againstDryRun,
  preconditions: (input, before) => unchangedSince(known(input, before)),
  impact: everyReplica,
  probe: wanted,
  verification: (input) => [rolledOut(input, wanted(input))],
  // kubectl sets quantities but cannot take them away; the revision before has exactly those that were there.
  rollback: (input, before) => {
    if (before.revision === 0)
      throw new TargetMissing(`${input.kind} ${input.namespace}/${input.name} has no recorded revision to return to`);
    return { operation: 'kubernetes.rollout_undo', input: { ...workloadOf(input), toRevision: before.revision } };
  },
});

/** Throws TargetMissing when the workload has no such container. */
function known(input: Input, before: RolloutState): RolloutState {
  if (Object.hasOwn(before.images, input.container)) return before;
  throw new TargetMissing(`${input.kind} ${input.namespace}/${input.name} has no container ${input.container}`);
}

function listOf(quantities: Quantities): string {
  return Object.entries(quantities)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function change(input: Input): string[] {
  const [requests, limits] = [listOf(input.requests), listOf(input.limits)];
  return [
    ...['set', 'resources', ref(input), `--namespace=${input.namespace}`, `--containers=${input.container}`],
    ...(requests === '' ? [] : [`--requests=${requests}`]),
    ...(limits === '' ? [] : [`--limits=${limits}`]),
  ];
}

function wanted({ container, requests, limits }: Input): Expectation[] {
  return Object.entries({ requests, limits }).flatMap(([part, quantities]) =>
    Object.entries(quantities).map(
      ([name, value]): Expectation => ({ pointer: `/resources/${container}/${part}/${name}`, op: 'eq', value: value ?? null }),
    ),
  );
}
