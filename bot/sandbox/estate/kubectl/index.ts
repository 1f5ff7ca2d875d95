import { type Flags, type ParsedFlags, parseFlags } from '../programs/flags.ts';
import { notSimulated, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { canI, clusterInfo, currentContext, version } from './about.ts';
import { annotateCommand } from './annotate.ts';
import { describe } from './describe.ts';
import { commandFlags, globalFlags } from './flags.ts';
import { get } from './get.ts';
import { logs } from './logs.ts';
import { rolloutHistory, rolloutRestart, rolloutStatus } from './rollout.ts';
import { scaleCommand } from './scale.ts';
import { setImageCommand } from './set-image.ts';
import { topNode, topPod } from './top.ts';
import { rolloutUndo } from './undo.ts';

type Command = (call: ProgramCall, flags: ParsedFlags) => ProgramResult | Promise<ProgramResult>;

const commands: Readonly<Record<string, Command>> = {
  get,
  events: (call, flags) =>
    get(call, { ...flags, args: ['events'], values: new Map([['sort-by', '.lastTimestamp'], ...flags.values, ...eventFilter(flags)]) }),
  describe,
  logs,
  'top pod': topPod,
  'top node': topNode,
  'rollout undo': rolloutUndo,
  'rollout status': rolloutStatus,
  'rollout history': rolloutHistory,
  'rollout restart': rolloutRestart,
  annotate: annotateCommand,
  scale: scaleCommand,
  'set image': setImageCommand,
  version,
  'cluster-info': clusterInfo,
  'auth can-i': canI,
  'config current-context': currentContext,
};

/** Commands of the real kubectl that the estate has no answer for. */
const others = [
  'api-resources',
  'api-versions',
  'apply',
  'attach',
  'autoscale',
  'certificate',
  'completion',
  'cordon',
  'cp',
  'create',
  'debug',
  'delete',
  'diff',
  'drain',
  'edit',
  'exec',
  'explain',
  'expose',
  'kustomize',
  'label',
  'options',
  'patch',
  'plugin',
  'port-forward',
  'proxy',
  'replace',
  'run',
  'taint',
  'uncordon',
  'wait',
];

/** The kubectl of the estate. Rejects with Refusal in kubectl's own words. */
export async function kubectl(call: ProgramCall): Promise<ProgramResult> {
  const { name, rest } = findCommand(call.argv);
  const flags = parseFlags(rest, { ...globalFlags, ...commandFlags[name] }, `See 'kubectl ${name} --help' for usage.`);
  return await (commands[name] as Command)(call, flags);
}

/** The command's words, wherever global flags stand before them, and everything else in its order. */
function findCommand(argv: readonly string[]): { name: string; rest: string[] } {
  const first = commandIndex(argv, 0);
  const word = argv[first] ?? '';
  if (word === '') throw new Refusal('kubectl controls the Kubernetes cluster manager.\n\nThis one answers for a simulated estate.');
  const parent = Object.keys(commands).some((command) => command.startsWith(`${word} `));
  const without = (indexes: number[]) => argv.filter((_, index) => !indexes.includes(index));
  if (!parent) {
    if (Object.hasOwn(commands, word)) return { name: word, rest: without([first]) };
    if (others.includes(word)) throw notSimulated(`the command "${word}"`);
    if (first > 0) throw new Refusal(`Error: flags cannot be placed before plugin name: ${argv[0]?.split('=')[0]}`);
    throw new Refusal(`error: unknown command "${word}" for "kubectl"`);
  }
  const second = commandIndex(argv, first + 1);
  const asked = argv[second] ?? '';
  const child = ({ pods: 'pod', po: 'pod', nodes: 'node', no: 'node' } as Record<string, string>)[asked] ?? asked;
  const name = `${word} ${child}`;
  if (Object.hasOwn(commands, name)) return { name, rest: without([first, second]) };
  const words = argv
    .slice(second)
    .filter((arg) => !arg.startsWith('-'))
    .join(' ');
  throw new Refusal(`error: unknown command "${words}"\nSee 'kubectl ${word} -h' for help and examples`);
}

function commandIndex(argv: readonly string[], from: number): number {
  for (let index = from; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-')) return index;
    if (takesNext(word, globalFlags)) index += 1;
  }
  return argv.length;
}

function takesNext(word: string, flags: Flags): boolean {
  if (word.includes('=')) return false;
  const name = word.startsWith('--') ? word.slice(2) : Object.keys(flags).find((key) => `-${flags[key]?.short}` === word);
  return name !== undefined && Object.hasOwn(flags, name) && flags[name]?.type !== 'bool';
}

/** `--for=pod/x` and `--types=Warning` as field selectors. */
function eventFilter(flags: ParsedFlags): [string, string][] {
  const [kind = '', name = ''] = (flags.values.get('for') ?? '').split('/');
  const kinds: Readonly<Record<string, string>> = {
    pod: 'Pod',
    pods: 'Pod',
    deployment: 'Deployment',
    deployments: 'Deployment',
    replicaset: 'ReplicaSet',
    replicasets: 'ReplicaSet',
  };
  const parts = [
    ...(kind === '' ? [] : [`involvedObject.kind=${kinds[kind.split('.')[0] ?? ''] ?? kind}`, `involvedObject.name=${name}`]),
    ...(flags.values.has('types') ? [`type=${flags.values.get('types')}`] : []),
  ];
  return parts.length === 0 ? [] : [['field-selector', parts.join(',')]];
}
