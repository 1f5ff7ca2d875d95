import type { Entity, Finding } from '../contracts/finding.ts';

const entityKey = ({ site, namespace, name }: Entity) => `${site}/${namespace ?? ''}/${name}`;

/** Which cause explains which other on the same entity: what crashes is not available, and fails requests. */
const explains: Readonly<Record<string, readonly string[]>> = {
  image_pull_failure: ['rollout_stuck', 'errors_since_rollout', 'high_error_rate'],
  container_config_error: ['rollout_stuck', 'errors_since_rollout', 'high_error_rate'],
  crash_loop: ['rollout_stuck', 'errors_since_rollout', 'high_error_rate'],
  rollout_stuck: ['errors_since_rollout', 'high_error_rate'],
};

function explained(finding: Finding, by: Finding): boolean {
  return by.id !== finding.id && entityKey(by.entity) === entityKey(finding.entity) && (explains[by.cause] ?? []).includes(finding.cause);
}

/** A finding that another one explains becomes support of that one: the symptom is evidence of the cause, not a cause beside it. */
export function compete(findings: readonly Finding[]): readonly Finding[] {
  const causes = findings.filter((finding) => !findings.some((other) => explained(finding, other)));
  return causes.map((cause) => {
    const symptoms = findings.filter((finding) => explained(finding, cause));
    const known = new Set(cause.edges.map((edge) => edge.observation));
    const added = symptoms
      .flatMap((symptom) => symptom.edges)
      .filter((edge) => edge.relation === 'supports' && !known.has(edge.observation));
    const unique = new Map(added.map((edge) => [edge.observation, edge]));
    return { ...cause, edges: [...cause.edges, ...unique.values()] };
  });
}
