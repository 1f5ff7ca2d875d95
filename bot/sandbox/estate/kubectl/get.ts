import { isSet, type ParsedFlags } from '../programs/flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import type { KubernetesObject } from '../render/object.ts';
import { checkFormat, document, listOf } from './print.ts';
import { listIn, notFound, parseTargets, type Resource, reference, type Target } from './resources.ts';
import { fieldSelector, forbidden, labelSelector, valueAt } from './selectors.ts';
import { openSession, type Session } from './session.ts';
import { resourceTable } from './tables.ts';

const nothingNamed = [
  'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.',
  '',
  'error: Required resource not specified.',
  'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
  "See 'kubectl get -h' for help and examples",
].join('\n');

export function get(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const output = flags.values.get('output') ?? '';
  checkFormat(output, true);
  const session = openSession(call, flags);
  if (flags.args.length === 0) throw new Refusal(nothingNamed);
  const targets = parseTargets(flags.args);
  const { found, missing } = collect(call, session, flags, targets);
  const stderr = isSet(flags, 'ignore-not-found') ? '' : missing.map((message) => `${message}\n`).join('');
  const exitCode = stderr === '' ? 0 : 1;
  if (output === 'json' || output === 'yaml') return { stdout: structured(found, targets, stderr !== '', output), stderr, exitCode };
  if (output === 'name')
    return {
      stdout: found.flatMap(({ resource, objects }) => objects.map((object) => `${reference(resource, object.metadata.name)}\n`)).join(''),
      stderr,
      exitCode,
    };
  if (found.every(({ objects }) => objects.length === 0) && missing.length === 0)
    return { ...ok(''), stderr: nothingFound(session, targets) };
  const style = {
    wide: output === 'wide',
    headers: !isSet(flags, 'no-headers'),
    withKind: found.length > 1 || isSet(flags, 'show-kind'),
    everywhere: session.everywhere,
    labels: isSet(flags, 'show-labels'),
  };
  const tables = found
    .filter(({ objects }) => objects.length > 0)
    .map(({ resource, objects }) => resourceTable(resource, objects, call.now(), style));
  return { stdout: tables.join('\n'), stderr, exitCode };
}

export function nothingFound(session: Session, targets: readonly Target[]): string {
  const scoped = targets.some(({ resource }) => resource.namespaced) && !session.everywhere;
  return scoped ? `No resources found in ${session.namespace} namespace.\n` : 'No resources found\n';
}

interface Found {
  resource: Resource;
  objects: KubernetesObject[];
}

export function collect(
  call: ProgramCall,
  session: Session,
  flags: ParsedFlags,
  targets: readonly Target[],
): { found: Found[]; missing: string[] } {
  const found: Found[] = [];
  const missing: string[] = [];
  for (const { resource, name } of targets) {
    const space = session.everywhere ? null : session.namespace;
    if (resource.plural === 'secrets') throw new Refusal(forbidden(resource, session.user, name === null ? 'list' : 'get', space));
    const objects = select(listIn(resource, call.state, call.now(), space), resource, name, flags);
    if (name !== null && objects.length === 0) missing.push(notFound(resource, name));
    const group = found.find((entry) => entry.resource === resource);
    if (group) group.objects.push(...objects);
    else found.push({ resource, objects });
  }
  return { found, missing };
}

function select(objects: KubernetesObject[], resource: Resource, name: string | null, flags: ParsedFlags): KubernetesObject[] {
  const labels = labelSelector(flags.values.get('selector') ?? '', resource);
  const fields = flags.values.get('field-selector');
  const matches = fields === undefined || fields === '' ? () => true : fieldSelector(fields, resource);
  const selected = objects.filter((object) => (name === null || object.metadata.name === name) && labels(object) && matches(object));
  const path = flags.values
    .get('sort-by')
    ?.replace(/^\{?\.?/, '')
    .replace(/\}$/, '');
  if (!path) return selected;
  return selected.toSorted((a, b) => String(valueAt(a, path) ?? '').localeCompare(String(valueAt(b, path) ?? ''), 'en', { numeric: true }));
}

/** A single object that was asked for by name stands alone; everything else is a List. */
function structured(found: readonly Found[], targets: readonly Target[], failed: boolean, format: 'json' | 'yaml'): string {
  const objects = found.flatMap((entry) => entry.objects);
  if (targets.length === 1 && targets[0]?.name !== null) return objects[0] ? document(objects[0], format) : '';
  return failed && objects.length === 0 ? '' : document(listOf(objects), format);
}
