import type { Entity, Finding } from '../contracts/finding.ts';

const entityKey = ({ site, namespace, name }: Entity) => `${site}/${namespace ?? ''}/${name}`;

/** Symptoms, the weakest last: each is explained by what stands before it on the same entity, and all of them by every other cause. */
const symptoms: readonly (readonly string[])[] = [
  ['image_pull_failure', 'container_config_error'],
  ['crash_loop'],
  ['liveness_probe_fails', 'startup_probe_fails', 'readiness_probe_fails'],
  ['rollout_stuck'],
  ['errors_since_rollout'],
  ['errors_begin_here'],
  ['high_error_rate'],
];

/** 0: a cause. */
const weakness = (finding: Finding) => symptoms.findIndex((causes) => causes.includes(finding.cause)) + 1;

/** What is known of the estate when hypotheses compete. */
export interface Links {
  /** What happens to the second shows on the first: it calls it, or runs on it. */
  dependsOn(entity: Entity, on: Entity): boolean;
}

const noLinks: Links = { dependsOn: () => false };

/** Causes of which the second is only how the first shows on the same entity. */
const shows: Readonly<Record<string, readonly string[]>> = {
  dns_misconfigured: ['database_host', 'database_port', 'dependency_address_mismatch'],
  zero_replicas: ['service_selector_mismatch'],
  container_runtime_down: ['kubelet_down', 'node_not_ready', 'kube_proxy_down'],
  kubelet_down: ['node_not_ready'],
  network_policy_denies: ['dns_misconfigured'],
};

const networks = ['network_delay', 'network_loss'];

/** A node's network is late for all that crosses it: what looks like the network of a pod is explained by it, wherever the pod runs. */
const ofNode = (by: Finding, finding: Finding) =>
  by.cause.startsWith('node_network_') &&
  networks.includes(finding.cause) &&
  by.entity.site === finding.entity.site &&
  by.confidence >= finding.confidence;

const together = (a: Entity, b: Entity) => a.site === b.site && a.namespace === b.namespace;

/** A quota that keeps an object out explains whoever misses it. */
const keptOut = ({ cause, entity, facts }: Finding, finding: Finding) =>
  cause.startsWith('quota_') &&
  together(entity, finding.entity) &&
  facts['missing'] !== undefined &&
  facts['missing'] === finding.facts['claim'];

/** A database names those of whom it was told. */
const asks = ({ entity, facts }: Finding, finding: Finding) =>
  typeof facts['clients'] === 'string' && together(entity, finding.entity) && facts['clients'].split(',').includes(finding.entity.name);

function explained(finding: Finding, by: Finding, links: Links): boolean {
  if (by.id === finding.id) return false;
  const weak = weakness(finding);
  if (ofNode(by, finding) || keptOut(by, finding)) return true;
  if (entityKey(by.entity) === entityKey(finding.entity)) return weakness(by) < weak || shows[by.cause]?.includes(finding.cause) === true;
  return weak > 0 && weakness(by) === 0 && (asks(by, finding) || links.dependsOn(finding.entity, by.entity));
}

function joined(cause: Finding, shown: readonly Finding[]): Finding {
  const known = new Set(cause.edges.map((edge) => edge.observation));
  const added = shown.flatMap((symptom) => symptom.edges).filter((edge) => edge.relation === 'supports' && !known.has(edge.observation));
  const unique = new Map(added.map((edge) => [edge.observation, edge]));
  const facts = Object.assign(
    {},
    ...shown.filter(({ entity }) => entityKey(entity) === entityKey(cause.entity)).map((symptom) => symptom.facts),
  );
  return { ...cause, edges: [...cause.edges, ...unique.values()], facts: { ...facts, ...cause.facts } };
}

/**
 * A finding that another one explains becomes support of that one: the symptom is evidence of the cause, not a cause beside it. What is left
 * comes the surest first; of equals the one that explains more.
 */
export function compete(findings: readonly Finding[], links: Links = noLinks): readonly Finding[] {
  const causeOf = (finding: Finding): Finding | undefined =>
    findings
      .filter((other) => explained(finding, other, links))
      .toSorted((a, b) => weakness(a) - weakness(b) || b.confidence - a.confidence || (a.id < b.id ? -1 : 1))[0];
  // Strictly weaker each time, so it ends.
  const rootOf = (finding: Finding): Finding => {
    const cause = causeOf(finding);
    return cause === undefined ? finding : rootOf(cause);
  };
  const shown = Map.groupBy(findings, (finding) => rootOf(finding).id);
  return findings
    .filter((finding) => causeOf(finding) === undefined)
    .map((cause) => ({
      cause: joined(
        cause,
        (shown.get(cause.id) ?? []).filter(({ id }) => id !== cause.id),
      ),
      explains: shown.get(cause.id)?.length ?? 0,
    }))
    .toSorted((a, b) => b.cause.confidence - a.cause.confidence || b.explains - a.explains)
    .map(({ cause }) => cause);
}
