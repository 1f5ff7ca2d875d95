import { document, table } from '../kubectl/print.ts';
import { counts } from '../model/conditions.ts';
import { namespace, simulationLabel } from '../model/state.ts';
import { time } from '../render/object.ts';
import { type Flags, parseFlags } from './flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from './program.ts';

const application = 'checkout';
const flags: Flags = {
  output: { type: 'string', short: 'o' },
  'app-namespace': { type: 'string', short: 'N' },
  refresh: { type: 'bool' },
  'hard-refresh': { type: 'bool' },
  'show-operation': { type: 'bool' },
  project: { type: 'string', short: 'p' },
  selector: { type: 'string', short: 'l' },
  'grpc-web': { type: 'bool' },
  core: { type: 'bool' },
  client: { type: 'bool' },
  short: { type: 'bool' },
  timeout: { type: 'int' },
};

/** argocd app get, history and list, and version, of the one application that the estate has. It is not synchronised automatically. */
export function argocd(call: ProgramCall): ProgramResult {
  const [first = '', second = '', ...rest] = call.argv;
  if (first === 'version') return ok('argocd: v3.3.0-simulation\n');
  if (first === 'account' && second === 'can-i') return ok(rest[0] === 'get' ? 'yes\n' : 'no\n');
  if (first !== 'app') throw new Refusal(`Error: unknown command "${first}" for "argocd"\nRun 'argocd --help' for usage.`);
  if (!['get', 'history', 'list'].includes(second))
    throw new Refusal(`Error: the simulated estate does not support the command "app ${second}"`);
  const { args, values } = argoFlags(rest);
  const output = values.get('output') ?? '';
  if (second !== 'list' && args[0] !== application) {
    throw new Refusal(
      `{"level":"fatal","msg":"rpc error: code = PermissionDenied desc = permission denied","time":"${time(call.now())}"}`,
      20,
    );
  }
  if (second === 'history') return history(call, output);
  const app = applicationObject(call);
  const value = second === 'list' ? [app] : app;
  if (output === 'json') return ok(`${JSON.stringify(value, null, 2)}\n`);
  if (output === 'yaml') return ok(document(value, 'yaml'));
  return ok(
    table(
      [
        ['NAME', 'CLUSTER', 'NAMESPACE', 'STATUS', 'HEALTH'],
        [application, 'simulation', namespace, app.status.sync.status, app.status.health.status],
      ],
      2,
    ),
  );
}

function argoFlags(argv: readonly string[]) {
  try {
    return parseFlags(argv, flags, '');
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.stderr.trim().replace(/^error:/, 'Error:'));
    throw error;
  }
}

function source(): Record<string, string> {
  return { repoURL: 'https://git.shop.example/deploy.git', path: 'checkout', targetRevision: 'main' };
}

function applicationObject(call: ProgramCall) {
  const deployment = call.state.deployments.find((candidate) => candidate.name === application);
  const now = deployment ? counts(call.state, deployment) : { ready: 0 };
  const health = deployment?.progressing.status === 'False' ? 'Degraded' : now.ready === deployment?.replicas ? 'Healthy' : 'Progressing';
  const last = call.state.argocd.at(-1);
  const wanted = call.state.helm.at(-1)?.appVersion ?? '';
  const synced = deployment?.template.container.image.endsWith(`:${wanted}`) ?? false;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: application, namespace: 'argocd', labels: simulationLabel },
    spec: { project: 'shop', source: source(), destination: { namespace, server: 'https://kubernetes.default.svc' } },
    status: {
      sync: { status: synced ? 'Synced' : 'OutOfSync', revision: last?.revision ?? '' },
      health: { status: health },
      history: entries(call),
    },
  };
}

function entries(call: ProgramCall) {
  return call.state.argocd.map(({ id, revision, deployedAt }) => ({ id, revision, deployedAt: time(deployedAt), source: source() }));
}

function history(call: ProgramCall, output: string): ProgramResult {
  if (output === 'id') return ok(call.state.argocd.map(({ id }) => `${id}\n`).join(''));
  if (output !== '' && output !== 'wide') throw new Refusal(`Error: the simulated estate does not print the output format "${output}"`);
  const rows = call.state.argocd.map(({ id, revision, deployedAt }) => [
    String(id),
    new Date(deployedAt).toUTCString(),
    `main (${revision.slice(0, 7)})`,
  ]);
  return ok(table([['ID', 'DATE', 'REVISION'], ...rows], 2));
}
