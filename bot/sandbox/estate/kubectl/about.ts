import { isSet, type ParsedFlags } from '../programs/flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { openSession } from './session.ts';

const info = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.2-simulation',
  gitCommit: 'simulation',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'simulation',
  compiler: 'simulation',
  platform: 'simulated/estate',
};

export function version(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const client = isSet(flags, 'client');
  if (!client) openSession(call, flags);
  const output = flags.values.get('output') ?? '';
  if (output === 'json')
    return ok(
      `${JSON.stringify({ clientVersion: info, kustomizeVersion: 'v5.7.1', ...(client ? {} : { serverVersion: info }) }, null, 2)}\n`,
    );
  if (output !== '') throw new Refusal("error: --output must be 'yaml' or 'json'");
  return ok(`Client Version: ${info.gitVersion}\nKustomize Version: v5.7.1\n${client ? '' : `Server Version: ${info.gitVersion}\n`}`);
}

export function clusterInfo(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  openSession(call, flags);
  return ok(
    "Kubernetes control plane is simulated: this is Watchkeeper's sandbox estate, there is no cluster.\n\nTo further debug and diagnose cluster problems, use 'kubectl get'.\n",
  );
}

export function currentContext(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  openSession(call, flags);
  return ok(`${flags.values.get('context') ?? 'sandbox'}\n`);
}

const row = (resource: string, verbs: string) => `${resource.padEnd(50)}[]                 []               [${verbs}]\n`;
const readable = ['pods', 'services', 'events', 'deployments.apps', 'replicasets.apps'].map((name) => row(name, 'get list watch')).join('');
const writable = ['pods', 'services', 'nodes', 'namespaces', 'deployments.apps', 'statefulsets.apps'];
const patchable = writable.map((name) => row(name, 'patch')).join('');
const patchableKinds = [...writable.map((name) => name.split('.')[0] ?? ''), 'deploy'];

/** Readers may get, list and watch everything but secrets; writers may also patch what they annotate, Deployments among it. */
export function canI(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const session = openSession(call, flags);
  if (isSet(flags, 'list')) return ok(session.mayWrite ? `${readable}${patchable}` : readable);
  const [verb = '', resource = ''] = flags.args;
  if (verb === '' || resource === '')
    throw new Refusal('error: you must specify two arguments: verb resource or verb resource/resourceName.');
  const kind = resource.split('/')[0]?.split('.')[0] ?? '';
  const reads = ['get', 'list', 'watch'].includes(verb) && !kind.startsWith('secret');
  const writes = session.mayWrite && verb === 'patch' && (patchableKinds.includes(kind) || patchableKinds.includes(`${kind}s`));
  return { stdout: isSet(flags, 'quiet') ? '' : reads || writes ? 'yes\n' : 'no\n', stderr: '', exitCode: reads || writes ? 0 : 1 };
}
