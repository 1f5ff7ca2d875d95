import { scale } from '../model/writes.ts';
import type { ParsedFlags } from '../programs/flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { deploymentObject } from '../render/deployment.ts';
import { checkFormat, written } from './print.ts';
import { qualified } from './resources.ts';
import { deploymentTarget, dryRunOf, refuseWrite } from './target.ts';

/** `scale`. As the real kubectl, `-o yaml` prints the object as it was read before the change. */
export function scaleCommand(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const asked = flags.values.get('replicas');
  if (asked === undefined) throw new Refusal('error: required flag(s) "replicas" not set');
  if (Number(asked) < 0) throw new Refusal('error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
  const dryRun = dryRunOf(flags);
  const output = flags.values.get('output') ?? '';
  checkFormat(output, false);
  const target = deploymentTarget(
    call,
    flags,
    flags.args,
    (resource, name) => `error: no objects passed to scale ${qualified(resource)} "${name}" not found`,
  );
  const { deployment } = target;
  const current = flags.values.get('current-replicas') ?? '-1';
  if (Number(current) >= 0 && Number(current) !== deployment.replicas)
    throw new Refusal(`error: Expected replicas to be ${current}, was ${deployment.replicas}`);
  const version = flags.values.get('resource-version') ?? '';
  if (version !== '' && version !== String(deployment.resourceVersion))
    throw new Refusal(`error: Expected resource version to be ${version}, was ${deployment.resourceVersion}`);
  const before = deploymentObject(call.state, deployment);
  if (dryRun !== 'client') refuseWrite(target, 'Error from server (Forbidden): ', '/scale');
  if (dryRun === 'none') scale(call.state, deployment, Number(asked), call.now());
  return ok(written(target.resource, before, 'scaled', output, dryRun));
}
