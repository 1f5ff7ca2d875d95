import type { Entity, Finding } from '../contracts/finding.ts';
import { rateBefore } from './before-rollout.ts';
import { bounded } from './bounded.ts';
import type { Seen } from './model/seen.ts';
import type { Snapshot } from './snapshot.ts';

type Against = readonly [seen: Seen, excerpt: string];

const here = ({ site, namespace }: Entity, one: { readonly site: string; readonly namespace: string }) =>
  one.site === site && one.namespace === namespace;

/** Causes by which requests of the entity fail: while they succeed, it is not so, or not only so. */
export const ofRequests = /^(service_|network_policy_|dns_|database_|dependency_address_|route_misdirected$|network_loss$)/;

function succeeding(snapshot: Snapshot, { cause, entity }: Finding): Against[] {
  if (!ofRequests.test(cause)) return [];
  const rates = snapshot.errorRates
    .filter((rate) => rate.value !== null && rate.value <= rate.service.errorRateLimit)
    .filter(({ service }) => service.name === entity.name && here(entity, service))
    .map((rate): Against => {
      const share = `${((rate.value ?? 0) * 100).toFixed(1)} %`;
      return [rate, `only ${share} of the requests of ${entity.name} fail`];
    });
  const reached = snapshot.reach
    .filter((one) => one.ok && one.service === entity.name && here(entity, one))
    .map((one): Against => [one, `${one.service}:${one.port} can be reached`]);
  const failed = snapshot.reach.some((one) => !one.ok && one.service === entity.name && here(entity, one));
  return [...rates, ...(failed ? [] : reached)];
}

/** Causes that lie with a node. */
export const ofNodes = /^(kubelet_down|container_runtime_down|node_not_ready)$/;
export const ofRegistries = /^image_registry_/;
export const ofWebhooks = /^webhook_unavailable$/;

/** A pod as young as this was started by a node that works. */
const youngSeconds = 120;

function nodeWorks(snapshot: Snapshot, { cause, entity }: Finding): Against[] {
  if (!ofNodes.test(cause)) return [];
  return snapshot.pods
    .filter(({ site, pod }) => site === entity.site && pod.node === entity.name && pod.ready && pod.startedAt !== null)
    .filter(({ pod }) => {
      const seconds = (snapshot.at.getTime() - Date.parse(pod.startedAt ?? '')) / 1_000;
      return seconds >= 0 && seconds < youngSeconds;
    })
    .map((seen): Against => [seen, `${seen.pod.name} was started on ${entity.name} and is ready`]);
}

/** `registry.example/shop/web:1` → `registry.example`; a name without a registry is of Docker Hub. */
function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}

function pulled(snapshot: Snapshot, { cause, entity, facts }: Finding): Against[] {
  if (!ofRegistries.test(cause)) return [];
  const { image } = facts;
  if (typeof image !== 'string') return [];
  const failed = snapshot.events.filter(
    (event) => event.warning && here(entity, event) && event.message.includes(image) && event.age !== null,
  );
  const since = Math.min(...failed.map(({ age }) => age ?? Number.POSITIVE_INFINITY));
  return snapshot.events
    .filter(({ site, reason, age }) => site === entity.site && reason === 'Pulled' && age !== null && age < since)
    .filter(({ message }) => {
      const other = /image "([^"]+)"/.exec(message)?.[1];
      return /^Successfully pulled/.test(message) && other !== undefined && registryOf(other) === registryOf(image);
    })
    .map((event): Against => [event, event.message]);
}

function admitted(snapshot: Snapshot, { cause, entity }: Finding): Against[] {
  if (!ofWebhooks.test(cause)) return [];
  const refusals = snapshot.events.filter(
    ({ site, message, age }) => site === entity.site && /failed calling webhook/.test(message) && age !== null,
  );
  if (refusals.length === 0) return [];
  const since = Math.min(...refusals.map(({ age }) => age ?? 0));
  return snapshot.events
    .filter(({ site, reason, age }) => site === entity.site && reason === 'SuccessfulCreate' && age !== null && age < since)
    .map((event): Against => [event, `since then: ${event.message}`]);
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function failedBefore(snapshot: Snapshot, finding: Finding): Against[] {
  const before = rateBefore(snapshot, finding);
  if (before === null || before.value <= before.service.errorRateLimit) return [];
  return [[before, `${percent(before.value)} of the requests failed before revision ${finding.facts['revision']} was rolled out`]];
}

/** So much is left of a finding's confidence beside an observation that speaks against it. */
const weakened = 0.6;
/** Observations that speak against a finding; more say the same. */
const most = 3;

/** What was observed that should not be so if the finding were right: it is told beside what supports it, and the finding is less sure. */
export function withContradictions(snapshot: Snapshot, finding: Finding): Finding {
  const known = new Set(finding.edges.map(({ observation }) => observation));
  const against = [succeeding, nodeWorks, pulled, admitted, failedBefore].flatMap((rule) => rule(snapshot, finding));
  const edges = new Map(
    against
      // One observation, e.g. a list of events, can hold both.
      .filter(([{ observation }]) => !known.has(observation))
      .map(([{ observation }, excerpt]) => [
        observation,
        { observation, relation: 'contradicts' as const, excerpt: bounded(excerpt, 500) },
      ]),
  );
  if (against.length === 0) return finding;
  const [[, words] = [null, '']] = against;
  return {
    ...finding,
    mechanism: bounded(`${finding.mechanism} Against it: ${words}.`, 1_000),
    confidence: Math.round(finding.confidence * weakened * 100) / 100,
    edges: [...finding.edges, ...[...edges.values()].slice(0, most)],
  };
}

/** What a hypothesis gains that was tested and held. */
const held = 0.1;

/** What was read to refute a finding, and did not: it supports it. */
export function withWhatHeld(snapshot: Snapshot, finding: Finding): Finding {
  const before = rateBefore(snapshot, finding);
  if (before === null || before.value > before.service.errorRateLimit) return finding;
  const words = `only ${percent(before.value)} of the requests failed before revision ${finding.facts['revision']} was rolled out`;
  return {
    ...finding,
    mechanism: bounded(`${finding.mechanism} It was tested: ${words}.`, 1_000),
    confidence: Math.round((finding.confidence + held) * 100) / 100,
    edges: [...finding.edges, { observation: before.observation, relation: 'supports', excerpt: bounded(words, 500) }],
  };
}
