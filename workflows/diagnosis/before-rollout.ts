import { rolloutBeganAt } from '../../tools/kubernetes/rolled-out.ts';
import type { Entity, Finding } from '../contracts/finding.ts';
import type { SeenErrorRate, Snapshot } from './snapshot.ts';

/** When the rollout of the revision that a finding names began, in milliseconds; null: not known. */
export function rolledOutAt({ rollouts }: Snapshot, { entity, facts }: Pick<Finding, 'entity' | 'facts'>): number | null {
  const rollout = rollouts.find((one) => one.site === entity.site && one.namespace === entity.namespace && one.name === entity.name);
  const known = rollout?.state.revision === facts['revision'] ? rollout?.state : undefined;
  const at = Date.parse((known === undefined ? null : rolloutBeganAt(known)) ?? '');
  return Number.isNaN(at) ? null : at;
}

const of = ({ site, namespace, name }: Entity, { service }: SeenErrorRate) =>
  service.site === site && service.namespace === namespace && service.name === name;

/** What was measured of a service before the revision that a finding blames was rolled out; null: nothing was. */
export function rateBefore(snapshot: Snapshot, finding: Finding): (SeenErrorRate & { readonly value: number }) | null {
  const at = rolledOutAt(snapshot, finding);
  if (finding.cause !== 'errors_since_rollout' || at === null) return null;
  const before = snapshot.pastRates.filter((rate) => of(finding.entity, rate) && Date.parse(rate.asOf) < at);
  for (const rate of before) if (rate.value !== null) return { ...rate, value: rate.value };
  return null;
}
