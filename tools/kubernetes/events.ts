import { z } from 'zod';
import { fitting } from '../fitting.ts';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { cutTo, partOf } from '../text.ts';
import { compactList } from './compact.ts';
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

type Event = z.infer<typeof Event>;

/** Newest first. Left out are first those that are no warnings, then what is said of the same thing most often, then older ones. */
const Events = z.object({ events: z.array(Event), /** Events left out. */ omitted: z.number().int().nonnegative() });

/** Bytes of the events in an answer: some two thousand. */
const limit = 1024 * 1024;

/** Of one thing so many events come before those of others. */
const each = 5;

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

/** Characters of one message. */
const mostMessage = 2_000;

export const events = read({
  name: 'kubernetes.events',
  summary: 'What the cluster recorded lately in a namespace',
  input: Input,
  output: Events,
  command: ({ namespace, name }, site) => ({
    ...kubectl(site, [
      'get',
      'events',
      `--namespace=${namespace}`,
      ...(name === undefined ? [] : [`--field-selector=involvedObject.name=${name}`]),
      '--output=json',
    ]),
    list: compactList,
  }),
  parse: ({ stdout }) => {
    const all = parseJson(List, stdout).items.map(eventOf).sort(newestFirst);
    const shown = fitting(telling(all), limit).sort(newestFirst);
    return { events: shown, omitted: all.length - shown.length };
  },
  cut: ({ events: all, omitted }) => ({ events: all.map((one) => ({ ...one, message: cutTo(one.message, mostMessage) })), omitted }),
  timeoutMs: kubectlTimeoutMs,
  permissions: ['list events'],
});

function newestFirst(a: Event, b: Event): number {
  const [first, second] = [a.lastAt ?? '', b.lastAt ?? ''];
  return first === second ? 0 : first < second ? 1 : -1;
}

/** Pods of one workload say the same: `web-6bddc48849-x2x7p` and its siblings are one thing. */
const thing = ({ reason, object }: Event) => `${reason} ${object.kind}/${object.name.replace(/(-[a-z0-9]{8,10})?-[a-z0-9]{5}$/, '')}`;

/** Warnings before others, and of each kind first a few of every thing. */
function telling(all: readonly Event[]): readonly Event[] {
  const seen = new Map<string, number>();
  const ranked = all.map((event) => {
    const before = seen.get(thing(event)) ?? 0;
    seen.set(thing(event), before + 1);
    return { event, rank: (event.type === 'Normal' ? 2 : 0) + (before < each ? 0 : 1) };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ event }) => event);
}

/** Old and new event APIs fill different fields. */
function eventOf(item: Item): Event {
  return {
    type: item.type,
    reason: item.reason,
    message: partOf(item.message, mostMessage),
    object: item.involvedObject,
    count: item.count ?? item.series?.count ?? 1,
    firstAt: item.firstTimestamp ?? item.eventTime ?? null,
    lastAt: item.lastTimestamp ?? item.series?.lastObservedTime ?? item.eventTime ?? null,
    source: item.source?.component ?? item.reportingComponent ?? null,
  };
}
