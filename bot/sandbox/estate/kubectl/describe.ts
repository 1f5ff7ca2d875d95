import { stringify } from 'yaml';
import { isSet, type ParsedFlags } from '../programs/flags.ts';
import { ok, type ProgramCall, type ProgramResult, Refusal } from '../programs/program.ts';
import { type KubernetesObject, sortKeys } from '../render/object.ts';
import { eventObject } from '../render/rest.ts';
import { collect, nothingFound } from './get.ts';
import { age, table } from './print.ts';
import { parseTargets } from './resources.ts';
import { openSession } from './session.ts';

/** Sections of metadata, spec and status with the events of the object. The layout of the sections is the estate's own, the facts are the object's. */
export function describe(call: ProgramCall, flags: ParsedFlags): ProgramResult {
  const session = openSession(call, flags);
  if (flags.args.length === 0)
    throw new Refusal(
      'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  const targets = parseTargets(flags.args);
  const { found, missing } = collect(call, session, flags, targets);
  const objects = found.flatMap((entry) => entry.objects);
  const stderr = missing.map((message) => `${message}\n`).join('');
  if (objects.length === 0 && missing.length === 0) return { ...ok(''), stderr: nothingFound(session, targets) };
  const events = !flags.values.has('show-events') || isSet(flags, 'show-events');
  return { stdout: objects.map((object) => describeObject(call, object, events)).join('\n\n'), stderr, exitCode: stderr === '' ? 0 : 1 };
}

function describeObject(call: ProgramCall, object: KubernetesObject, withEvents: boolean): string {
  const { metadata, kind, apiVersion, ...rest } = object;
  const pairs = (values: Record<string, string> = {}) =>
    Object.entries(values)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n              ') || '<none>';
  const sections = Object.entries(rest).map(
    ([key, value]) =>
      `${key[0]?.toUpperCase()}${key.slice(1)}:\n${indent(stringify(sortKeys(value), { lineWidth: 0, aliasDuplicateObjects: false }))}`,
  );
  return [
    `Name:         ${metadata.name}`,
    ...(metadata.namespace === undefined ? [] : [`Namespace:    ${metadata.namespace}`]),
    `Labels:       ${pairs(metadata.labels)}`,
    `Annotations:  ${pairs(metadata.annotations)}`,
    `API Version:  ${apiVersion}`,
    `Kind:         ${kind}`,
    ...sections,
    ...(withEvents ? [eventsOf(call, object)] : []),
    '',
  ].join('\n');
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function eventsOf(call: ProgramCall, object: KubernetesObject): string {
  const events = call.state.events
    .filter((event) => event.involved.uid === object.metadata.uid)
    .map((event) => ({ ...event, object: eventObject(event) }));
  if (events.length === 0) return 'Events:  <none>';
  const rows = events.map((event) => [
    `  ${event.type}`,
    event.reason,
    event.count === 1
      ? age(call.now() - event.lastAt)
      : `${age(call.now() - event.lastAt)} (x${event.count} over ${age(call.now() - event.firstAt)})`,
    event.component,
    event.message,
  ]);
  return `Events:\n${table([['  Type', 'Reason', 'Age', 'From', 'Message'], ['  ----', '------', '----', '----', '-------'], ...rows], 2).trimEnd()}`;
}
