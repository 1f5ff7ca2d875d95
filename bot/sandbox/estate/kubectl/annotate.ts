import { annotate } from '../model/writes.ts';
import { isSet, type ParsedFlags } from '../programs/flags.ts';
import { notSimulated, ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import type { KubernetesObject } from '../render/object.ts';
import { checkFormat, written } from './print.ts';
import { listIn, notFound, parseTargets, qualified } from './resources.ts';
import { forbidden } from './selectors.ts';
import { openSession } from './session.ts';
import { dryRunOf, type ObjectTarget, refuseWrite } from './target.ts';

const kinds = ['deployments', 'statefulsets', 'pods', 'services', 'nodes', 'namespaces'];

/** `annotate TYPE/NAME KEY=VALUE KEY-`. As the real kubectl (seen in 1.34.2), it says "annotated" where nothing changes, too. */
export function annotateCommand(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const dryRun = dryRunOf(flags);
  const output = flags.values.get('output') ?? '';
  checkFormat(output, false);
  const { named, changes } = asked(flags.args);
  const { target, object } = targetOf(call, flags, named);
  refuseOverwrites(object, changes, isSet(flags, 'overwrite'));
  if (dryRun !== 'client') {
    refuseWrite(target, 'Error from server (Forbidden): ');
    refuseOnServer(target, object, changes, flags.values.get('resource-version') ?? '');
  }
  const { uid, resourceVersion } = object.metadata;
  const state = dryRun === 'none' ? call.state : structuredClone(call.state);
  annotate(state, uid, changes, call.now());
  const after = target.resource.list(state, call.now()).find(({ metadata }) => metadata.uid === uid) ?? object;
  const shown = dryRun === 'none' ? after : { ...after, metadata: { ...after.metadata, resourceVersion } };
  return ok(written(target.resource, shown, 'annotated', output, dryRun));
}

const isChange = (word: string) => word.indexOf('=') > 0 || (word.endsWith('-') && word !== '-');

/** What comes first names objects, the rest are changes; null removes, and the last of several for one key counts. */
function asked(args: readonly string[]): { named: readonly string[]; changes: ReadonlyMap<string, string | null> } {
  const first = args.findIndex(isChange);
  const named = first === -1 ? args : args.slice(0, first);
  const words = first === -1 ? [] : args.slice(first);
  const stray = words.find((word) => !isChange(word));
  if (stray !== undefined) throw new Refusal(`error: all resources must be specified before annotation changes: ${stray}`);
  const set = words
    .filter((word) => word.includes('='))
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  const removed = words.filter((word) => !word.includes('=')).map((word) => word.slice(0, -1));
  if (named.length === 0) throw new Refusal('error: one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (words.length === 0) throw new Refusal('error: at least one annotation update is required');
  const values = new Map(set as [string, string][]);
  const both = removed.filter((key) => values.has(key));
  if (both.length > 0)
    throw new Refusal(`error: can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`);
  return { named, changes: new Map<string, string | null>([...values, ...removed.map((key) => [key, null] as const)]) };
}

function targetOf(call: ProgramCall, flags: ParsedFlags, named: readonly string[]): { target: ObjectTarget; object: KubernetesObject } {
  const session = openSession(call, flags);
  const [first, ...more] = parseTargets(named);
  if (!first || first.name === null) throw new Refusal('error: resource(s) were provided, but no name was specified');
  if (more.length > 0) throw notSimulated('several objects in one command');
  const { resource, name } = first;
  if (resource.plural === 'secrets')
    throw new Refusal(forbidden(resource, session.user, 'get', session.namespace).replace('secrets is', `secrets "${name}" is`));
  const object = listIn(resource, call.state, call.now(), session.namespace).find(({ metadata }) => metadata.name === name);
  if (object === undefined) throw new Refusal(notFound(resource, name));
  if (!kinds.includes(resource.plural)) throw notSimulated(`annotations of ${resource.plural}`);
  return { target: { session, resource, name }, object };
}

function refuseOverwrites({ metadata }: KubernetesObject, changes: ReadonlyMap<string, string | null>, overwrite: boolean): void {
  const present = metadata.annotations ?? {};
  const others = [...changes].filter(([key, value]) => value !== null && Object.hasOwn(present, key) && present[key] !== value);
  const words = others.map(([key]) => `'${key}' already has a value (${present[key]})`).join('; ');
  if (!overwrite && words !== '') throw new Refusal(`error: --overwrite is false but found the following declared annotation(s): ${words}`);
}

function refuseOnServer(
  { resource, name }: ObjectTarget,
  { kind, metadata }: KubernetesObject,
  changes: ReadonlyMap<string, string | null>,
  version: string,
): void {
  if (version !== '' && version !== metadata.resourceVersion)
    throw new Refusal(
      `Error from server (Conflict): Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    );
  for (const [key, value] of changes) {
    // The model writes these itself.
    if (/(^|\.)kubernetes\.io\//.test(key)) throw notSimulated(`a change of the annotation ${key}`);
    const wrong = value === null ? null : wrongKey(key);
    if (wrong !== null) throw new Refusal(`The ${kind} "${name}" is invalid: metadata.annotations: Invalid value: "${key}": ${wrong}`);
  }
}

function wrongKey(key: string): string | null {
  const [prefix, ...rest] = key.split('/');
  if (rest.length > 0 && prefix === '') return 'prefix part must be non-empty';
  if (/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(rest.at(-1) ?? key) && rest.length < 2) return null;
  return "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
}
