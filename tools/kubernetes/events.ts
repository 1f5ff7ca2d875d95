import { z } from 'zod';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';

const Input = z.strictObject({ namespace: KubernetesLabel, /** Only events of objects with this name. */ name: KubernetesName.optional() });

const Event = z.object({
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  object: z.object({ kind: z.string(), name: z.string() }),
  count: z.number().int(),
  firstAt: z.string().nullable(),
  lastAt: z.string().nullable(),
  source: z.string().nullable(),
});

/** Newest first. */
const Events = z.object({ events: z.array(Event), /** Older events left out. */ omitted: z.number().int().nonnegative() });

/** Events in an answer. */
const limit = 200;

const time = z.string().nullish();

const List = z.object({
  items: z.array(
    z.object({
      type: z.string().default('Normal'),
      reason: z.string().default(''),
      message: z.string().default(''),
      involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }),
      count: z.number().nullish(),
      series: z.object({ count: z.number().optional(), lastObservedTime: time }).nullish(),
      firstTimestamp: time,
      lastTimestamp: time,
      eventTime: time,
      source: z.object({ component: z.string().optional() }).nullish(),
      reportingComponent: z.string().nullish(),
    }),
  ),
});

type Item = z.infer<typeof List>['items'][number];

export const events = read({
  name: 'kubernetes.events',
  summary: 'What the cluster recorded lately in a namespace',
  input: Input,
  output: Events,
  command: ({ namespace, name }, site) =>
    kubectl(site, [
      'get',
      'events',
      `--namespace=${namespace}`,
      ...(name === undefined ? [] : [`--field-selector=involvedObject.name=${name}`]),
      '--output=json',
    ]),
  parse: ({ stdout }) => {
    const all = parseJson(List, stdout)
      .items.map(eventOf)
      .sort((a, b) => ((a.lastAt ?? '') < (b.lastAt ?? '') ? 1 : -1));
    return { events: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: ['list events'],
});

/** Old and new event APIs fill different fields. */
function eventOf(item: Item): z.infer<typeof Event> {
  return {
    type: item.type,
    reason: item.reason,
    message: item.message.slice(0, 2000),
    object: item.involvedObject,
    count: item.count ?? item.series?.count ?? 1,
    firstAt: item.firstTimestamp ?? item.eventTime ?? null,
    lastAt: item.lastTimestamp ?? item.series?.lastObservedTime ?? item.eventTime ?? null,
    source: item.source?.component ?? item.reportingComponent ?? null,
  };
}
