import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { TargetMissing } from '../errors.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { kubectl, kubectlTimeoutMs, ref, Workload, workloadOf } from './kubectl.ts';
import { everyReplica, rolledOut, rolloutStateOf, templateOf, unchangedSince } from './rollout-checks.ts';
import { RolloutState } from './rollout-state.ts';

const Input = Workload.extend({ toRevision: z.int().positive() });
type Input = z.infer<typeof Input>;

export const rolloutUndo = write({
  name: 'kubernetes.rollout_undo',
  tier: 'medium',
  summary: 'Return a workload to an earlier revision of its pod template',
  input: Input,
  output: Message,
  command: (input, site) => kubectl(site, undo(input)),
  // With --output=yaml kubectl prints the object as it was before the dry run; without, whether the server would accept it.
  dryRun: (input, site) => kubectl(site, [...undo(input), '--dry-run=server']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: [
    'get and patch deployments.apps',
    'get and patch statefulsets.apps',
    'get and patch daemonsets.apps',
    'list replicasets.apps',
    'list controllerrevisions.apps',
  ],
  state: rolloutStateOf,
  stateOutput: RolloutState,
  gitOwner: (before) => before.gitOwner,
  comparison: (input, before) => ({ now: templateOf(input, revisionOf(input, before)), after: templateOf(input, input.toRevision) }),
  preconditions: (_input, before) => unchangedSince(before),
  impact: everyReplica,
  probe: targetTemplate,
  verification: (input, before) => [rolledOut(input, targetTemplate(input, before))],
  // An undo gives the target a new number; the revision that was current keeps its own, so that number leads back.
  rollback: (input, before) => ({
    operation: 'kubernetes.rollout_undo',
    input: { ...workloadOf(input), toRevision: revisionOf(input, before) },
  }),
});

function undo(input: Input): string[] {
  return ['rollout', 'undo', ref(input), `--namespace=${input.namespace}`, `--to-revision=${input.toRevision}`];
}

/** By the template's hash: the target's revision number changes with the undo. Throws TargetMissing. */
function targetTemplate(input: Input, before: RolloutState): Expectation[] {
  const target = before.revisions.find(({ revision }) => revision === input.toRevision);
  if (target === undefined) throw new TargetMissing(`${input.kind} ${input.namespace}/${input.name} has no revision ${input.toRevision}`);
  return [{ pointer: '/templateHash', op: 'eq', value: target.templateHash }];
}

/** Throws TargetMissing when the controller has recorded none yet: there would be no way back. */
function revisionOf(input: Input, before: RolloutState): number {
  if (before.revision === 0)
    throw new TargetMissing(`${input.kind} ${input.namespace}/${input.name} has no recorded revision to return to`);
  return before.revision;
}
