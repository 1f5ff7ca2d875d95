import { namespace, nodeName } from '../model/state.ts';
import { isSet, type ParsedFlags } from '../programs/flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { podObject } from '../render/pod.ts';
import { table } from './print.ts';
import { resources } from './resources.ts';
import { labelSelector } from './selectors.ts';
import { openSession } from './session.ts';

export function topPod(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const session = openSession(call, flags);
  const resource = resources.find(({ plural }) => plural === 'pods');
  if (!resource) throw new Refusal('error: Metrics API not available');
  const matches = labelSelector(flags.values.get('selector') ?? '', resource);
  const [name] = flags.args;
  const visible = session.everywhere || session.namespace === namespace ? call.state.pods : [];
  const pods = visible.filter(
    (pod) => pod.stage === 'ready' && (name === undefined || pod.name === name) && matches(podObject(pod, call.now())),
  );
  if (name !== undefined && pods.length === 0) throw new Refusal(`Error from server (NotFound): pods "${name}" not found`);
  if (pods.length === 0) return { ...ok(''), stderr: `No resources found in ${session.namespace} namespace.\n` };
  const containers = isSet(flags, 'containers');
  const header = [
    ...(session.everywhere ? ['NAMESPACE'] : []),
    containers ? 'POD' : 'NAME',
    ...(containers ? ['NAME'] : []),
    'CPU(cores)',
    'MEMORY(bytes)',
  ];
  const rows = pods
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((pod) => [
      ...(session.everywhere ? [namespace] : []),
      pod.name,
      ...(containers ? [pod.template.container.name] : []),
      '21m',
      `${Math.round(pod.template.container.memoryLimitMi * 0.4)}Mi`,
    ]);
  return ok(table(isSet(flags, 'no-headers') ? rows : [header, ...rows]));
}

export function topNode(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  openSession(call, flags);
  const memory = call.state.pods.length * 102;
  const row = [
    nodeName,
    `${call.state.pods.length * 21}m`,
    `${Math.round((call.state.pods.length * 21) / 40)}%`,
    `${memory}Mi`,
    `${Math.round(memory / 82)}%`,
  ];
  return ok(table(isSet(flags, 'no-headers') ? [row] : [['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'], row]));
}
