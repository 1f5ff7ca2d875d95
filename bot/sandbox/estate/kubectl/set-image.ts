import { setImage } from '../model/writes.ts';
import type { ParsedFlags } from '../programs/flags.ts';
import { notSimulated, ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { deploymentObject } from '../render/deployment.ts';
import { checkFormat, written } from './print.ts';
import { deploymentTarget, dryRunOf, refuseWrite } from './target.ts';

/** `set image deployment/x CONTAINER=IMAGE`. Its dry run, unlike undo's and scale's, prints the object that would result. */
export function setImageCommand(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const dryRun = dryRunOf(flags);
  const output = flags.values.get('output') ?? '';
  checkFormat(output, false);
  const pairs = flags.args.filter((arg) => arg.includes('='));
  const target = deploymentTarget(
    call,
    flags,
    flags.args.filter((arg) => !arg.includes('=')),
  );
  if (pairs.length === 0) throw new Refusal('error: at least one image update is required');
  if (pairs.length > 1) throw notSimulated('several images in one command');
  const [container = '', image = ''] = splitOnce(pairs[0] ?? '');
  const { deployment, resource } = target;
  if (container !== deployment.template.container.name && container !== '*')
    throw new Refusal(`error: unable to find container named "${container}"`);
  if (deployment.template.container.image === image)
    return ok(output === '' ? '' : written(resource, deploymentObject(call.state, deployment), 'image updated', output, 'none'));
  if (dryRun !== 'client') refuseWrite(target, 'error: failed to patch image update to pod template: ');
  if (image === '')
    throw new Refusal(
      `error: failed to patch image update to pod template: Deployment.apps "${deployment.name}" is invalid: spec.template.spec.containers[0].image: Required value`,
    );
  const state = dryRun === 'none' ? call.state : structuredClone(call.state);
  const changed = state.deployments.find((candidate) => candidate.uid === deployment.uid) ?? deployment;
  setImage(state, changed, image, call.now());
  return ok(written(resource, deploymentObject(state, changed), 'image updated', output, dryRun));
}

function splitOnce(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}
