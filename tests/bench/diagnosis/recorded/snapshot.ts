import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { z } from 'zod';
import { ownerOf } from '../../../../workflows/diagnosis/look.ts';
import { mergeObjects, type Objects } from '../../../../workflows/diagnosis/model/index.ts';
import type { SeenPod, SeenWorkload } from '../../../../workflows/diagnosis/model/workload.ts';
import { readObjects } from '../../../../workflows/diagnosis/objects/index.ts';
import { emptySnapshot, type Snapshot } from '../../../../workflows/diagnosis/snapshot.ts';
import { endpointsOf, inventoryOf, nodeOf, nodeServiceOf, quotaOf, serviceOf, volumeOf } from './cluster.ts';
import { describedEvents, listedEvents } from './events.ts';
import { podOf } from './pods.ts';
import { callsOf, reachOf, signalsOf, templatesOf } from './signals.ts';
import { specOf } from './spec.ts';
import { labelsOf, table } from './table.ts';

const Arguments = z.looseObject({
  resource_type: z.string().default(''),
  name: z.string().default(''),
  namespace: z.string().optional(),
  app_name: z.string().default(''),
  service_name: z.string().default(''),
  node_name: z.string().default(''),
  port: z.number().default(0),
  label_selector: z.string().optional(),
  output_wide: z.boolean().optional(),
  output_yaml: z.boolean().optional(),
  show_labels: z.boolean().optional(),
});
type Arguments = z.infer<typeof Arguments>;

interface Call {
  readonly tool: string;
  readonly input: Arguments;
  readonly output: unknown;
  readonly at: { readonly observation: string; readonly site: string };
}

const site = 'recorded';
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function decoded(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function calls(cache: Record<string, unknown>): Call[] {
  return Object.entries(cache).flatMap(([key, output]) => {
    const colon = key.indexOf(':');
    const input = Arguments.safeParse(colon < 0 ? {} : decoded(key.slice(colon + 1)));
    if (!input.success) return [];
    const observation = createHash('sha256').update(key).digest('hex');
    return [{ tool: colon < 0 ? key : key.slice(0, colon), input: input.data, output, at: { observation, site } }];
  });
}

const singular = (type: string) => type.replace(/(?<!ss)s$/, '').replace(/sse$/, 'ss');
/** Kinds of which a list says what exists. */
const listed = new Set([
  'secret',
  'configmap',
  'serviceaccount',
  'service',
  'persistentvolumeclaim',
  'deployment',
  'statefulset',
  'storageclass',
]);

const inFull = ({ tool, input }: Call) =>
  tool === 'GetResources' && input.output_yaml === true && liveKinds.has(singular(input.resource_type));
const isPlain = (input: Arguments) =>
  input.label_selector === undefined && input.output_wide !== true && input.show_labels !== true && input.output_yaml !== true;
const liveKinds = new Set(['deployment', 'statefulset']);
const readKinds = new Set(['deployment', 'statefulset', 'persistentvolumeclaim', 'configmap']);

/** `kind/name` of the objects that were read as they are, in full. */
const liveObjects = (all: readonly Call[]): ReadonlySet<string> =>
  new Set(all.filter(inFull).map(({ input }) => `${singular(input.resource_type)}/${input.name}`));

/** A manifest says what is meant to be, and how workloads are made; the secrets in it are left alone, as the product leaves them. */
function manifest({ output, input, at }: Call, namespace: string, live: ReadonlySet<string>): Partial<Objects> {
  const documents = text(output)
    .split(/^---$/m)
    .flatMap((document) => {
      const kind = /^kind: *(\S+)/m.exec(document)?.[1]?.toLowerCase();
      const name = /^metadata:\n(?: .*\n)*? {2}name: *(\S+)/m.exec(document)?.[1];
      return kind === undefined || name === undefined ? [] : [{ kind, name, document }];
    });
  const read = documents.filter(({ kind, name }) => readKinds.has(kind) && !live.has(`${kind}/${name}`));
  const values = read.map(({ document }): unknown => parse(document, { maxAliasCount: 20 }));
  const { workloads, claims, routes } = readObjects(values, { ...at, namespace });
  const declared = documents.map(({ kind, name }) => {
    const storage = claims.find((claim) => kind === 'persistentvolumeclaim' && claim.name === name)?.request ?? undefined;
    return { ...at, kind, namespace, name, app: input.app_name, storage };
  });
  return { workloads, claims, routes, declared };
}

function describe(call: Call): Partial<Objects> {
  const { input, at } = call;
  const output = text(call.output);
  const kind = singular(input.resource_type);
  const events = describedEvents(output, kind, input.name, { ...at, namespace: input.namespace ?? '' });
  const part =
    kind === 'node'
      ? nodeOf(output, at)
      : kind === 'service'
        ? serviceOf(output, at)
        : kind === 'endpoint'
          ? endpointsOf(output, at)
          : kind === 'persistentvolume'
            ? volumeOf(output, at)
            : kind === 'resourcequota'
              ? quotaOf(output, at)
              : {};
  return { ...part, events: kind === 'node' ? [] : events };
}

function get({ input, output, at }: Call): Partial<Objects> {
  const kind = singular(input.resource_type);
  const place = { ...at, namespace: input.namespace ?? '' };
  if (input.resource_type === 'events') return { events: listedEvents(text(output), place) };
  if (input.name !== '') {
    const read = input.output_yaml === true && (liveKinds.has(kind) || kind === 'networkpolicy' || text(output).includes('routes:'));
    return read ? readObjects([parse(text(output), { maxAliasCount: 20 })], place) : {};
  }
  return isPlain(input) && listed.has(kind)
    ? inventoryOf(text(output), kind, kind === 'storageclass' ? null : (input.namespace ?? null), at)
    : {};
}

function partOf(call: Call, namespace: string, live: ReadonlySet<string>): Partial<Objects> {
  const { input, output, at } = call;
  switch (call.tool) {
    case 'GetAppYAML':
      return manifest(call, namespace, live);
    case 'DescribeResource':
      return describe(call);
    case 'GetResources':
      return get(call);
    case 'CheckNodeServiceStatus':
      return nodeServiceOf(text(output), input.node_name, input.service_name, at);
    case 'CheckServiceConnectivity':
      return reachOf(text(output), input.namespace ?? namespace, input.service_name, input.port, at);
    case 'GetServiceDependencies':
      return callsOf(text(output), namespace, at);
    case 'GetErrorLogs':
      return templatesOf(decoded(output), input.namespace ?? namespace, input.service_name, at);
    case 'GetAlerts':
      return signalsOf(decoded(output), namespace, at);
    default:
      return {};
  }
}

/** Manifests say how a workload is made, the list of the cluster which there are, and how many of each. */
function counted(workloads: readonly SeenWorkload[], all: readonly Call[], namespace: string): SeenWorkload[] {
  const known = new Map(workloads.map((workload) => [workload.name, workload]));
  return all.flatMap(({ tool, input, output, at }) => {
    const whole = tool === 'GetResources' && input.name === '' && input.output_wide === true && input.label_selector === undefined;
    if (!whole || !/^(deployments|statefulsets)$/.test(input.resource_type)) return [];
    return table(text(output)).map((row): SeenWorkload => {
      const name = row['NAME'] ?? '';
      const [ready = 0, desired = 0] = (row['READY'] ?? '').split('/').map(Number);
      const selector = labelsOf(row['SELECTOR'] ?? '');
      const bare = { ...at, namespace, name, kind: singular(input.resource_type), labels: selector, selector };
      return { ...(known.get(name) ?? { ...bare, spec: null, createdAt: null, serviceName: null }), ready, desired };
    });
  });
}

/** A workload may be in several manifests, and a claim is as its description says, if there is one. */
function unique<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

function claimsOf(objects: Objects, all: readonly Call[]): Objects['claims'] {
  const rows = all.flatMap(({ tool, input, output }) =>
    tool === 'GetResources' && input.resource_type === 'persistentvolumeclaims' && input.name === '' ? table(text(output)) : [],
  );
  const states = new Map(rows.map((row) => [row['NAME'] ?? '', row]));
  return unique(objects.claims).flatMap((claim) => {
    const row = states.get(claim.name);
    return row === undefined ? [] : [{ ...claim, phase: row['STATUS'] ?? '', volume: row['VOLUME'] || null }];
  });
}

/** The collector wrote its own time of day: its zone is the one in which kubectl printed. */
function zoneOf(all: readonly Call[]): string {
  for (const { tool, output } of all) {
    const zone = tool === 'DescribeResource' ? /\d\d:\d\d:\d\d ([+-]\d{4})$/m.exec(text(output))?.[1] : undefined;
    if (zone !== undefined) return zone;
  }
  return '';
}

/** Recorded output of commands → what the analyzers see. Knows formats, not answers. */
export function recordedSnapshot(cache: Record<string, unknown>, namespace: string): Snapshot {
  const all = calls(cache);
  const live = liveObjects(all);
  const objects = mergeObjects(all.map((call) => partOf(call, namespace, live)));
  const workloads = counted(unique(objects.workloads), all, namespace);
  const made = new Set(workloads.flatMap(({ name, spec }) => (spec === null ? [] : [name])));
  const pods = all.flatMap(({ tool, input, output, at }): SeenPod[] => {
    const pod = tool === 'DescribeResource' && singular(input.resource_type) === 'pod' ? podOf(text(output), site, at.observation) : null;
    if (pod === null) return [];
    // Where nothing says how its workload is made, what the pod itself asks for does in part.
    const spec = made.has(ownerOf(pod).name) ? null : specOf(text(output));
    return [{ ...pod, detail: { labels: {}, ip: null, ...pod.detail, spec } }];
  });
  const at = new Date(`${text(cache['collection_timestamp'])}${zoneOf(all)}`);
  return {
    ...emptySnapshot(Number.isNaN(at.getTime()) ? new Date(0) : at),
    ...objects,
    workloads: workloads.map((one) =>
      one.spec !== null ? one : { ...one, spec: pods.find((seen) => ownerOf(seen).name === one.name)?.detail?.spec ?? null },
    ),
    claims: claimsOf(objects, all),
    nodes: unique(objects.nodes),
    pods: [...new Map(pods.map((seen) => [seen.pod.name, seen])).values()],
  };
}
