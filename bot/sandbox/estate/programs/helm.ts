import { document, table } from '../kubectl/print.ts';
import { openSession } from '../kubectl/session.ts';
import { namespace } from '../model/state.ts';
import { type Flags, type ParsedFlags, parseFlags } from './flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from './program.ts';

const common: Flags = {
  namespace: { type: 'string', short: 'n' },
  'kube-context': { type: 'string' },
  kubeconfig: { type: 'string' },
  debug: { type: 'bool' },
  output: { type: 'string', short: 'o' },
};
const flagsOf: Readonly<Record<string, Flags>> = {
  history: { ...common, max: { type: 'int' } },
  list: { ...common, 'all-namespaces': { type: 'bool', short: 'A' }, filter: { type: 'string', short: 'f' } },
  status: { ...common, revision: { type: 'int' } },
  version: { short: { type: 'bool' }, template: { type: 'string' } },
};
/** New enough for what the product asks of helm: see tools/helm/program.ts. */
const build = { Version: 'v3.20.2-simulation', GitCommit: 'simulation', GitTreeState: 'clean', GoVersion: 'simulation' };
const release = 'checkout';

/** helm history, list, status and version of the one release that the estate has. */
export function helm(call: ProgramCall): ProgramResult {
  const [word = '', ...rest] = call.argv;
  const command = { hist: 'history', ls: 'list' }[word] ?? word;
  if (!Object.hasOwn(flagsOf, command)) {
    const known = [
      'install',
      'upgrade',
      'rollback',
      'uninstall',
      'get',
      'template',
      'show',
      'repo',
      'search',
      'pull',
      'push',
      'test',
      'lint',
      'env',
      'plugin',
      'package',
      'dependency',
      'create',
      'verify',
      'registry',
      'completion',
    ].includes(word);
    throw new Refusal(
      known
        ? `Error: the simulated estate does not support the command "${word}"`
        : `Error: unknown command "${word}" for "helm"\nRun 'helm --help' for usage.`,
    );
  }
  const flags = helmFlags(rest, flagsOf[command] ?? {});
  if (command === 'version') return version(flags);
  const output = flags.values.get('output') ?? 'table';
  if (!['table', 'json', 'yaml'].includes(output))
    throw new Refusal(`Error: invalid argument "${output}" for "-o, --output" flag: invalid format type`);
  const session = openSession(call, {
    args: [],
    values: new Map([
      ...flags.values,
      ...(flags.values.has('kube-context') ? [['context', flags.values.get('kube-context') ?? ''] as const] : []),
    ]),
  });
  const inNamespace = session.everywhere || session.namespace === namespace;
  if (command === 'list') return print(output, inNamespace ? [listing(call)] : []);
  const name = flags.args[0];
  if (flags.args.length !== 1)
    throw new Refusal(`Error: "helm ${command}" requires 1 argument\n\nUsage:  helm ${command} RELEASE_NAME [flags]`);
  if (!inNamespace || name !== release) throw new Refusal('Error: release: not found');
  return command === 'history' ? history(call, flags, output) : print(output, status(call));
}

/** Of a template it knows the fields, as `{{.Version}}`. */
function version({ values }: ParsedFlags): ProgramResult {
  const template = values.get('template');
  if (template !== undefined)
    return ok(template.replace(/\{\{ *\.([A-Za-z]+) *\}\}/g, (whole, field: string) => build[field as keyof typeof build] ?? whole));
  if (values.has('short')) return ok(`${build.Version}\n`);
  const fields = Object.entries(build).map(([name, value]) => `${name}:"${value}"`);
  return ok(`version.BuildInfo{${fields.join(', ')}}\n`);
}

function helmFlags(argv: readonly string[], flags: Flags): ParsedFlags {
  try {
    return parseFlags(argv, flags, '');
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.stderr.trim().replace(/^error:/, 'Error:'));
    throw error;
  }
}

function history(call: ProgramCall, flags: ParsedFlags, output: string): ProgramResult {
  const rows = call.state.helm.map((entry) => ({
    revision: entry.revision,
    updated: new Date(entry.updatedAt).toISOString(),
    status: entry.status,
    chart: `checkout-${entry.appVersion}`,
    app_version: entry.appVersion,
    description: entry.description,
  }));
  return print(output, rows.slice(-Number(flags.values.get('max') ?? 256)));
}

function listing(call: ProgramCall): Record<string, unknown> {
  const last = call.state.helm.at(-1);
  const updated = new Date(last?.updatedAt ?? 0).toISOString().replace('T', ' ').replace('Z', ' +0000 UTC');
  return {
    name: release,
    namespace,
    revision: String(last?.revision ?? 0),
    updated,
    status: last?.status ?? 'unknown',
    chart: `checkout-${last?.appVersion}`,
    app_version: last?.appVersion ?? '',
  };
}

function status(call: ProgramCall): Record<string, unknown> {
  const last = call.state.helm.at(-1);
  const deployed = new Date(last?.updatedAt ?? 0).toISOString();
  return {
    name: release,
    info: { last_deployed: deployed, description: last?.description ?? '', status: last?.status ?? 'unknown', notes: 'Simulated estate.' },
    namespace,
    version: last?.revision ?? 0,
  };
}

function print(output: string, value: Record<string, unknown>[] | Record<string, unknown>): ProgramResult {
  if (output === 'json') return ok(`${JSON.stringify(value)}\n`);
  if (output === 'yaml') return ok(document(value, 'yaml'));
  const rows = Array.isArray(value) ? value : [value];
  const header = Object.keys(rows[0] ?? { name: '' });
  return ok(
    table(
      [
        header.map((key) => key.replace('_', ' ').toUpperCase()),
        ...rows.map((row) => header.map((key) => (typeof row[key] === 'object' ? JSON.stringify(row[key]) : String(row[key])))),
      ],
      4,
    ),
  );
}
