import { z } from 'zod';
import type { Observation } from '../../tools/contract.ts';
import { PodObject, podSnapshot } from '../../tools/kubernetes/pods.ts';
import { Workloads } from '../../tools/kubernetes/workloads.ts';
import { clusters } from './logs.ts';
import { ownerOf } from './look.ts';
import { mergeObjects, type Objects } from './model/index.ts';
import type { SeenPod } from './model/workload.ts';
import { Texts } from './objects/common.ts';
import { readObjects } from './objects/index.ts';
import { podSpec, Templated } from './objects/pod-spec.ts';

/** An observation as it was kept, with its id. */
export interface Kept {
  readonly id: string;
  readonly body: Observation;
}

const word = (value: unknown): string => (typeof value === 'string' ? value : '');

const Got = z.object({
  objects: z.array(z.record(z.string(), z.unknown())),
  omitted: z.number(),
  names: z.array(z.string()).optional(),
});
const Named = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });

/** Objects that `kubernetes.get` read. A whole list says also what does not exist; so do the names of one that was cut. */
export function gotObjects({ id, body }: Kept): Objects {
  const parsed = Got.safeParse(body.output);
  if (!parsed.success) return mergeObjects([]);
  const { kind, namespace, name, selector } = body.input;
  const place = { observation: id, site: body.site };
  const { objects, omitted, names: all } = parsed.data;
  const list = { ...place, kind: word(kind), namespace: namespace === undefined ? null : word(namespace) };
  const names = all ?? (omitted > 0 ? null : objects.flatMap((object) => Named.safeParse(object).data?.metadata.name ?? []));
  const everything = name === undefined && selector === undefined;
  return mergeObjects([
    readObjects(objects, { ...place, namespace: word(namespace) }),
    everything && names !== null ? { inventories: [{ ...list, names }] } : {},
    omitted > 0 ? { cuts: [{ ...list, shown: objects.length, omitted }] } : {},
  ]);
}

/** Those in trouble come first: where the last that is shown is one of them, more of them are left out. */
export function cutPods({ id, body }: Kept): Partial<Objects> {
  const parsed = Workloads.safeParse(body.output);
  if (!parsed.success || parsed.data.omitted.pods === 0 || parsed.data.pods.at(-1)?.ready !== false) return {};
  const { namespace } = body.input;
  const list = { kind: 'pod', namespace: namespace === undefined ? null : word(namespace) };
  return {
    cuts: [{ observation: id, site: body.site, ...list, shown: parsed.data.pods.length, omitted: parsed.data.omitted.pods }],
  };
}

const Detailed = z.looseObject({
  metadata: z.looseObject({ labels: Texts }),
  status: z.looseObject({ podIP: z.string().nullish() }).nullish(),
});

/** Pods that were read as objects: with their labels and what they ask for. */
export function gotPods({ id, body }: Kept): SeenPod[] {
  const parsed = Got.safeParse(body.output);
  if (!parsed.success || body.input['kind'] !== 'pod') return [];
  return parsed.data.objects.flatMap((object) => {
    const pod = PodObject.safeParse(object);
    if (!pod.success) return [];
    const detail = Detailed.safeParse(object).data;
    const template = Templated.safeParse(object).data;
    const spec = template === undefined ? null : podSpec(template);
    return [
      {
        observation: id,
        site: body.site,
        pod: podSnapshot(pod.data),
        detail: { labels: detail?.metadata.labels ?? {}, ip: detail?.status?.podIP ?? null, spec },
      },
    ];
  });
}

const Told = z.object({
  events: z.array(
    z.object({
      type: z.string(),
      reason: z.string(),
      message: z.string(),
      object: z.object({ kind: z.string(), name: z.string() }),
      count: z.number(),
      firstAt: z.string().nullish(),
      lastAt: z.string().nullable(),
    }),
  ),
});

/** Seconds since then; clocks differ: what is seen to come from the future is new. */
function ago(text: string | null | undefined, at: Date): number | null {
  const then = Date.parse(text ?? '');
  return Number.isNaN(then) ? null : Math.max(0, (at.getTime() - then) / 1_000);
}

export function toldEvents({ id, body }: Kept, at: Date): Partial<Objects> {
  const parsed = Told.safeParse(body.output);
  if (!parsed.success) return {};
  const place = { observation: id, site: body.site, namespace: word(body.input['namespace']) };
  return {
    events: parsed.data.events.map(({ type, reason, message, object, count, firstAt, lastAt }) => {
      const seen = { kind: object.kind.toLowerCase(), name: object.name, warning: type === 'Warning', reason, message, count };
      return { ...place, ...seen, age: ago(lastAt, at), since: ago(firstAt, at) };
    }),
  };
}

/** What was logged, by the workload of the pod where that is known. */
export function toldLogs({ id, body }: Kept, pods: readonly SeenPod[]): Partial<Objects> {
  const namespace = word(body.input['namespace']);
  const name = word(body.input['pod']);
  const seen = pods.find(({ site, pod }) => site === body.site && pod.namespace === namespace && pod.name === name);
  const source = seen === undefined ? name : ownerOf(seen).name;
  const place = { observation: id, site: body.site, namespace, source };
  return { templates: clusters(body.stdout).map(({ sample, count }) => ({ ...place, sample, count })) };
}
