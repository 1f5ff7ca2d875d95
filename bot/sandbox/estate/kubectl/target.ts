import type { DeploymentState } from '../model/state.ts';
import { namespace } from '../model/state.ts';
import type { ParsedFlags } from '../programs/flags.ts';
import { notSimulated, type ProgramCall, Refusal } from '../programs/program.ts';
import { notFound, parseTargets, qualified, type Resource } from './resources.ts';
import { openSession, type Session } from './session.ts';

/** What a write is about, whatever its kind. */
export interface ObjectTarget {
  readonly session: Session;
  readonly resource: Resource;
  readonly name: string;
}

export interface WriteTarget extends ObjectTarget {
  readonly deployment: DeploymentState;
}

/** The one Deployment that a command is about. `missing` words the answer when there is none of that name. */
export function deploymentTarget(call: ProgramCall, flags: ParsedFlags, args: readonly string[], missing = notFound): WriteTarget {
  const session = openSession(call, flags);
  if (args.length === 0) throw new Refusal('error: required resource not specified');
  const targets = parseTargets(args);
  const [target] = targets;
  if (!target || target.name === null) throw notSimulated('commands on all objects of a kind');
  if (targets.length > 1) throw notSimulated('several objects in one command');
  const { resource, name } = target;
  const exists = session.namespace === namespace && resource.list(call.state, call.now()).some((object) => object.metadata.name === name);
  if (!exists) throw new Refusal(missing(resource, name));
  const deployment = resource.plural === 'deployments' ? call.state.deployments.find((candidate) => candidate.name === name) : undefined;
  if (!deployment) throw notSimulated(`this command on ${resource.plural}`);
  return { session, resource, name, deployment };
}

/** `none`, `server` or `client`; as a bare flag, kubectl means `unchanged`, which it refuses, and so does this. */
export function dryRunOf(flags: ParsedFlags): 'none' | 'server' | 'client' {
  const value = flags.values.get('dry-run') ?? 'none';
  if (value === 'none' || value === 'server' || value === 'client') return value;
  throw new Refusal(`error: Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

/** RBAC's words for a patch by the read-only user; empty when the session may write. A dry run on the server needs the same right. */
export function patchForbidden({ session, resource, name }: ObjectTarget, subresource = ''): string {
  if (session.mayWrite) return '';
  // A namespace stands in itself.
  const space = resource.namespaced ? session.namespace : resource.plural === 'namespaces' ? name : null;
  const scope = space === null ? 'at the cluster scope' : `in the namespace "${space}"`;
  return `${qualified(resource)} "${name}" is forbidden: User "${session.user}" cannot patch resource "${resource.plural}${subresource}" in API group "${resource.group}" ${scope}`;
}

export function refuseWrite(target: ObjectTarget, prefix: string, subresource = ''): void {
  const words = patchForbidden(target, subresource);
  if (words !== '') throw new Refusal(`${prefix}${words}`);
}
