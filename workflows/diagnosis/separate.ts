import type { Probe } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Estate } from '../ports.ts';
import { rolledOutAt } from './before-rollout.ts';
import { ofNodes, ofRegistries, ofRequests, ofWebhooks } from './contradict.ts';
import type { Snapshot } from './snapshot.ts';

/** Hypotheses that are so near to the first are not told apart by what was read. */
const close = 0.15;
/** Hypotheses that are told apart, and reads for it in one round. */
const most = { leaders: 3, reads: 4 } as const;
/** Other namespaces in which the same might have worked. */
const mostNamespaces = 2;
/** Seconds before a rollout: what was measured then it cannot have brought about. */
const beforeSeconds = 120;

type Service = Estate['services'][number];

/** A read of which one answer refutes the hypothesis. What the answers mean is known to contradict.ts. */
type Refuting = (finding: Finding, snapshot: Snapshot, estate: Estate) => readonly Probe[];

function serviceOf({ services }: Estate, { entity }: Finding): Service | undefined {
  return services.find(({ site, namespace, name }) => site === entity.site && namespace === entity.namespace && name === entity.name);
}

const measured = ({ sites }: Estate, name: string) => sites.some((site) => site.name === name && site.systems.includes('prometheus'));

/** How many requests fail: where few do, what lets all of them fail is not so. */
const failingNow: Refuting = (finding, _snapshot, estate) => {
  const service = serviceOf(estate, finding);
  if (service === undefined || service.errorRateQuery === null || !measured(estate, service.site)) return [];
  const input = { expr: service.errorRateQuery };
  return [{ site: service.site, title: `Error rate of ${service.name}`, operation: 'prometheus.query', input }];
};

/** How many failed before the rollout: where they did already, it is not to blame. */
const failingBefore: Refuting = (finding, snapshot, estate) => {
  const service = serviceOf(estate, finding);
  const at = rolledOutAt(snapshot, finding);
  if (service === undefined || service.errorRateQuery === null || at === null || !measured(estate, service.site)) return [];
  const input = { expr: service.errorRateQuery, time: new Date(at - beforeSeconds * 1_000).toISOString() };
  const title = `Error rate of ${service.name} before revision ${finding.facts['revision']}`;
  return [{ site: service.site, title, operation: 'prometheus.query', input }];
};

/** Pods of all namespaces: one that was started on the node of late shows that it works. */
const startedThere: Refuting = ({ entity: { site } }) => [
  { site, title: 'Workloads and pods in all namespaces', operation: 'kubernetes.workloads', input: {} },
];

/** Events of other namespaces: where the same worked since, it is not out of order. */
const workedElsewhere: Refuting = ({ entity: { site, namespace } }, _snapshot, { services }) => {
  const others = services.filter((service) => service.site === site && service.namespace !== namespace);
  return [...new Set(others.map((service) => service.namespace))].slice(0, mostNamespaces).map((other) => ({
    ...{ site, title: `Events in ${other}`, operation: 'kubernetes.events' },
    input: { namespace: other },
  }));
};

/** By cause, what would refute it. */
const refuting: readonly (readonly [RegExp, Refuting])[] = [
  [/^errors_since_rollout$/, failingBefore],
  [ofNodes, startedThere],
  [ofRegistries, workedElsewhere],
  [ofWebhooks, workedElsewhere],
  [ofRequests, failingNow],
];

/** Those that lead so closely that what was read does not tell which of them it is; empty: one leads alone, or nothing was found. */
export function leaders(findings: readonly Finding[]): readonly Finding[] {
  const sorted = findings.toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
  const [first] = sorted;
  const near = sorted.filter(({ confidence }) => first !== undefined && confidence >= first.confidence - close).slice(0, most.leaders);
  return near.length < 2 ? [] : near;
}

/** Reads that tell leading hypotheses apart: for each what would refute it, in turn. `asked`: what was read already. */
export function separatingReads(
  snapshot: Snapshot,
  findings: readonly Finding[],
  estate: Estate,
  asked: (probe: Probe) => boolean = () => false,
): readonly Probe[] {
  const lists = leaders(findings).map((finding) =>
    refuting
      .flatMap(([pattern, reads]) => (pattern.test(finding.cause) ? reads(finding, snapshot, estate) : []))
      .filter((probe) => !asked(probe)),
  );
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
  return [...new Map(inTurn.map((probe) => [`${probe.site} ${probe.title}`, probe])).values()].slice(0, most.reads);
}
