import type { ReplicaSetState } from '../model/state.ts';
import { undo, undoTarget } from '../model/writes.ts';
import type { ParsedFlags } from '../programs/flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { deploymentObject } from '../render/deployment.ts';
import { describeTemplate } from './describe-template.ts';
import { checkFormat, written } from './print.ts';
import { deploymentTarget, dryRunOf, refuseWrite, type WriteTarget } from './target.ts';

/**
 * `rollout undo`. As the real kubectl (seen in 1.34.2), `-o yaml` prints the object as it was read before the undo, with and
 * without a dry run: what an undo changes is to be learned from the revision's ReplicaSet.
 */
export function rolloutUndo(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const dryRun = dryRunOf(flags);
  const output = flags.values.get('output') ?? '';
  checkFormat(output, false);
  const revision = Number(flags.values.get('to-revision') ?? 0);
  if (revision < 0) throw new Refusal('error: revision number cannot be negative: %v');
  const target = deploymentTarget(call, flags, flags.args);
  const set = wantedSet(call, target, revision);
  const before = deploymentObject(call.state, target.deployment);
  if (set === 'same')
    return ok(written(target.resource, before, `skipped rollback (current template already matches revision ${revision})`, output, 'none'));
  if (dryRun === 'client')
    return ok(written(target.resource, before, `Pod Template:\n${describeTemplate(set.template, set.hash)}`, output, 'client'));
  refuseWrite(target, `error: failed restoring revision ${revision}: `);
  if (dryRun === 'none') undo(call.state, target.deployment, set, call.now());
  return ok(written(target.resource, before, 'rolled back', output, dryRun));
}

function wantedSet(call: ProgramCall, target: WriteTarget, revision: number): ReplicaSetState | 'same' {
  const wanted = undoTarget(call.state, target.deployment, revision);
  if (wanted.kind === 'missing') throw new Refusal(`error: unable to find specified revision ${revision} in history`);
  if (wanted.kind === 'no_history') throw new Refusal(`error: no rollout history found for deployment "${target.deployment.name}"`);
  return wanted.kind === 'same' ? 'same' : wanted.set;
}
