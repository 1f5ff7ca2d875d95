import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { changeableKinds } from './changeable.ts';
import { resourceOf } from './kinds.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { escaped, ManifestInput } from './manifest.ts';

const Difference = z.object({ pointer: z.string(), live: z.unknown(), wanted: z.unknown() });

const Output = z.object({
  exists: z.boolean(),
  /** Fields of the manifest that the object has otherwise, or not; what the server adds is none. */
  differences: z.array(Difference),
  /** Differences left out. */
  omitted: z.number().int().nonnegative(),
});

/** Differences in an answer. */
const limit = 200;

const List = z.object({ items: z.array(z.record(z.string(), z.unknown())).max(1) });

/** By reading and not by `kubectl diff`: that needs the right to patch, which the credentials for reads do not have. */
export const diff = read({
  name: 'kubernetes.diff',
  summary: 'In which fields an object differs from a manifest',
  input: ManifestInput,
  output: Output,
  command: ({ kind, namespace, name }, site) =>
    kubectl(site, ['get', resourceOf(kind), `--namespace=${namespace}`, `--field-selector=metadata.name=${name}`, '--output=json']),
  parse: ({ stdout }, { object }) => {
    const [live] = parseJson(List, stdout).items;
    const all = live === undefined ? [] : differencesOf('', live, object);
    return { exists: live !== undefined, differences: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: changeableKinds.map((kind) => `list ${resourceOf(kind)}`),
});

type Difference = z.infer<typeof Difference>;

function differencesOf(pointer: string, live: unknown, wanted: unknown): Difference[] {
  if (Array.isArray(wanted) && Array.isArray(live) && wanted.length === live.length)
    return wanted.flatMap((item, index) => differencesOf(`${pointer}/${index}`, live[index], item));
  if (isObject(wanted) && isObject(live))
    return Object.entries(wanted).flatMap(([key, item]) => differencesOf(`${pointer}/${escaped(key)}`, live[key], item));
  return JSON.stringify(live) === JSON.stringify(wanted) ? [] : [{ pointer, live: live ?? null, wanted }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
