import { counts } from '../model/conditions.ts';
import { replicaSetsOf } from '../model/controller.ts';
import { restart } from '../model/writes.ts';
import { isSet, milliseconds, type ParsedFlags } from '../programs/flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { deploymentObject } from '../render/deployment.ts';
import { replicaSetObject } from '../render/sets.ts';
import { describeTemplate } from './describe-template.ts';
import { checkFormat, document, listOf, table, written } from './print.ts';
import { reference } from './resources.ts';
import { deploymentTarget, refuseWrite, type WriteTarget } from './target.ts';

export function rolloutRestart(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const output = flags.values.get('output') ?? '';
  checkFormat(output, false);
  const target = deploymentTarget(call, flags, flags.args);
  refuseWrite(target, 'error: failed to patch: ');
  restart(call.state, target.deployment, call.now());
  return ok(written(target.resource, deploymentObject(call.state, target.deployment), 'restarted', output, 'none'));
}

export function rolloutHistory(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const output = flags.values.get('output') ?? '';
  checkFormat(output, false);
  const target = deploymentTarget(call, flags, flags.args);
  const sets = replicaSetsOf(call.state, target.deployment.name).toSorted((a, b) => a.revision - b.revision);
  const revision = Number(flags.values.get('revision') ?? 0);
  const chosen = sets.filter((set) => revision === 0 || set.revision === revision);
  if (chosen.length === 0) throw new Refusal('error: unable to find the specified revision');
  const objects = chosen.map((set) => replicaSetObject(call.state, set));
  if (output === 'json' || output === 'yaml') return ok(document(objects.length === 1 ? objects[0] : listOf(objects), output));
  const name = reference(target.resource, target.deployment.name);
  const [only] = chosen;
  if (revision !== 0 && only)
    return ok(`${name} with revision #${revision}\nPod Template:\n${describeTemplate(only.template, only.hash)}\n`);
  const rows = chosen.map((set) => [String(set.revision), set.changeCause ?? '<none>']);
  return ok(`${name} \n${table([['REVISION', 'CHANGE-CAUSE'], ...rows], 2)}\n`);
}

/** Prints each new answer as kubectl does, until the rollout is done, fails, or the timeout passes. */
export async function rolloutStatus(call: ProgramCall, flags: ParsedFlags): Promise<ProgramResult> {
  const target = deploymentTarget(call, flags, flags.args);
  const watch = !flags.values.has('watch') || isSet(flags, 'watch');
  const limit = milliseconds(flags.values.get('timeout') ?? '0') ?? 0;
  const until = limit === 0 ? Number.POSITIVE_INFINITY : call.now() + limit;
  let stdout = '';
  for (;;) {
    const { line, done } = statusLine(call, target, Number(flags.values.get('revision') ?? 0));
    if (!stdout.endsWith(line)) stdout += line;
    if (done || !watch) return ok(stdout);
    if (call.now() >= until) throw new Refusal('error: timed out waiting for the condition', 1, stdout);
    await call.wait(Math.min(200, Math.max(1, until - call.now())));
  }
}

function statusLine(call: ProgramCall, { deployment }: WriteTarget, revision: number): { line: string; done: boolean } {
  if (revision > 0 && revision !== deployment.revision)
    throw new Refusal(`error: desired revision (${revision}) is different from the running revision (${deployment.revision})`);
  if (deployment.generation > deployment.observedGeneration)
    return { line: 'Waiting for deployment spec update to be observed...\n', done: false };
  if (deployment.progressing.reason === 'ProgressDeadlineExceeded')
    throw new Refusal(`error: deployment "${deployment.name}" exceeded its progress deadline`);
  const now = counts(call.state, deployment);
  const waiting = (what: string) => ({ line: `Waiting for deployment "${deployment.name}" rollout to finish: ${what}...\n`, done: false });
  if (now.updated < deployment.replicas) return waiting(`${now.updated} out of ${deployment.replicas} new replicas have been updated`);
  if (now.replicas > now.updated) return waiting(`${now.replicas - now.updated} old replicas are pending termination`);
  if (now.ready < now.updated)
    return {
      line: `Waiting for deployment "${deployment.name}" rollout to finish: ${now.ready} of ${now.updated} updated replicas are available...\n`,
      done: false,
    };
  return { line: `deployment "${deployment.name}" successfully rolled out\n`, done: true };
}
