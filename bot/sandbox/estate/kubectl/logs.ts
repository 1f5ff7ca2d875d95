import { type LogLine, logsOf } from '../model/logs.ts';
import { namespace, type PodState } from '../model/state.ts';
import { isSet, milliseconds, type ParsedFlags } from '../programs/flags.ts';
import { type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { podObject } from '../render/pod.ts';
import { parseTargets, qualified, resources } from './resources.ts';
import { labelSelector } from './selectors.ts';
import { openSession } from './session.ts';

const usage = [
  "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.",
  'POD or TYPE/NAME is a required argument for the logs command',
  "See 'kubectl logs -h' for help and examples",
].join('\n');

export function logs(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const session = openSession(call, flags);
  const selector = flags.values.get('selector');
  if (flags.args.length === 0 && selector === undefined) throw new Refusal(usage);
  if (selector !== undefined && flags.args.length > 0) throw new Refusal('error: only a selector (-l) or a POD name is allowed');
  const { pods, note } =
    selector === undefined
      ? named(call, session.namespace, flags.args[0] ?? '', isSet(flags, 'all-pods'))
      : { pods: selected(call, session.namespace, selector), note: '' };
  if (pods.length === 0) return { stdout: '', stderr: `No resources found in ${session.namespace} namespace.\n`, exitCode: 0 };
  const container = flags.values.get('container') ?? flags.args[1];
  const tail = flags.values.has('tail') ? Number(flags.values.get('tail')) : selector === undefined ? -1 : 10;
  const texts = pods.map((pod) => podLog(call, pod, container, tail, flags));
  return { stdout: texts.join(''), stderr: note, exitCode: 0 };
}

function named(call: ProgramCall, space: string, arg: string, all: boolean): { pods: PodState[]; note: string } {
  const [target] = arg.includes('/')
    ? parseTargets([arg])
    : [{ resource: resources.find(({ plural }) => plural === 'pods') ?? (resources[0] as (typeof resources)[number]), name: arg }];
  const name = target?.name ?? '';
  const resource = target?.resource;
  const exists = space === namespace && resource?.list(call.state, call.now()).some((object) => object.metadata.name === name);
  if (!resource || !exists)
    throw new Refusal(
      `error: error from server (NotFound): ${resource ? qualified(resource) : arg} "${name}" not found in namespace "${space}"`,
    );
  if (resource.plural === 'pods') return { pods: call.state.pods.filter((pod) => pod.name === name), note: '' };
  const pods = call.state.pods
    .filter((pod) => pod.owner.name === name || pod.template.labels['app'] === name)
    .toSorted((a, b) => Number(b.stage === 'ready') - Number(a.stage === 'ready'));
  const [first] = pods;
  if (!first || all) return { pods, note: '' };
  return { pods: [first], note: pods.length > 1 ? `Found ${pods.length} pods, using pod/${first.name}\n` : '' };
}

function selected(call: ProgramCall, space: string, selector: string): PodState[] {
  const pods = resources.find(({ plural }) => plural === 'pods');
  if (!pods || space !== namespace) return [];
  const matches = labelSelector(selector, pods);
  return call.state.pods.filter((pod) => matches(podObject(pod, call.now())));
}

function podLog(call: ProgramCall, pod: PodState, container: string | undefined, tail: number, flags: ParsedFlags): string {
  const { name } = pod.template.container;
  if (container !== undefined && container !== name) throw new Refusal(`error: container ${container} is not valid for pod ${pod.name}`);
  const lines = logsOf(call.state, pod, call.now(), isSet(flags, 'previous'));
  if (!lines) throw unavailable(pod, isSet(flags, 'previous'));
  const since = flags.values.get('since');
  const from =
    since === undefined ? Date.parse(flags.values.get('since-time') ?? '1970-01-01T00:00:00Z') : call.now() - (milliseconds(since) ?? 0);
  const recent = lines.filter((line) => line.at >= from);
  const kept = tail < 0 ? recent : recent.slice(Math.max(0, recent.length - tail));
  const text = kept.map((line) => format(line, pod, flags)).join('');
  const limit = Number(flags.values.get('limit-bytes') ?? 0);
  return limit > 0 ? text.slice(0, limit) : text;
}

function format(line: LogLine, pod: PodState, flags: ParsedFlags): string {
  const prefix = isSet(flags, 'prefix') ? `[pod/${pod.name}/${pod.template.container.name}] ` : '';
  return `${prefix}${isSet(flags, 'timestamps') ? `${new Date(line.at).toISOString()} ` : ''}${line.text}\n`;
}

function unavailable(pod: PodState, previous: boolean): Refusal {
  const { name } = pod.template.container;
  if (previous)
    return new Refusal(`Error from server (BadRequest): previous terminated container "${name}" in pod "${pod.name}" not found`);
  const why = pod.fault?.kind === 'image_pull' ? 'trying and failing to pull image' : 'ContainerCreating';
  return new Refusal(`Error from server (BadRequest): container "${name}" in pod "${pod.name}" is waiting to start: ${why}`);
}
