import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { TargetMissing } from '../errors.ts';
import { ImageReference, KubernetesLabel } from '../grammar.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { kubectl, kubectlTimeoutMs, ref, Workload, workloadOf } from './kubectl.ts';
import { againstDryRun, everyReplica, rolledOut, rolloutStateOf, unchangedSince } from './rollout-checks.ts';
import { RolloutState } from './rollout-state.ts';

/** Container → image; containers that are not named keep theirs. */
const Images = z.record(KubernetesLabel, ImageReference).refine((images) => {
  const count = Object.keys(images).length;
  return count >= 1 && count <= 20;
}, 'must name 1 to 20 containers');

const Input = Workload.extend({ images: Images });
type Input = z.infer<typeof Input>;

export const setImage = write({
  name: 'kubernetes.set_image',
  tier: 'medium',
  summary: "Set images of a workload's containers",
  input: Input,
  output: Message,
  command: (input, site) => kubectl(site, setImages(input)),
  dryRun: (input, site) => kubectl(site, [...setImages(input), '--dry-run=server', '--output=yaml']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: ['get and patch deployments.apps', 'get and patch statefulsets.apps', 'get and patch daemonsets.apps'],
  state: rolloutStateOf,
  stateOutput: RolloutState,
  gitOwner: (before) => before.gitOwner,
  comparison: againstDryRun,
  preconditions: (_input, before) => unchangedSince(before),
  impact: everyReplica,
  probe: wanted,
  verification: (input) => [rolledOut(input, wanted(input))],
  rollback: (input, before) => ({
    operation: 'kubernetes.set_image',
    input: { ...workloadOf(input), images: imagesBefore(input, before) },
  }),
});

function setImages(input: Input): string[] {
  const pairs = Object.entries(input.images).map(([container, image]) => `${container}=${image}`);
  return ['set', 'image', ref(input), ...pairs, `--namespace=${input.namespace}`];
}

function wanted(input: Input): Expectation[] {
  return Object.entries(input.images).map(([container, image]) => ({ pointer: `/images/${container}`, op: 'eq', value: image }));
}

/** Throws TargetMissing when the workload has no such container. */
function imagesBefore(input: Input, before: RolloutState): Record<string, string> {
  return Object.fromEntries(
    Object.keys(input.images).map((container) => {
      const image = before.images[container];
      if (image === undefined) throw new TargetMissing(`${input.kind} ${input.namespace}/${input.name} has no container ${container}`);
      return [container, image];
    }),
  );
}
