import type { Entity, Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import type { SeenDelivery } from '../model/delivery.ts';
import type { Snapshot } from '../snapshot.ts';

/** Helm itself gives up earlier; who waits longer was ended in the middle, and nothing will go on. */
const stuckSeconds = 900;

const entityOf = ({ site, namespace, name }: SeenDelivery): Entity => ({ site, kind: 'release', namespace, name });

function release(delivery: SeenDelivery): Finding[] {
  const { name, revision, status, age } = delivery;
  const common = { analyzer: 'deliveries', entity: entityOf(delivery), facts: { release: name, revision: Number(revision) } };
  if (status === 'failed')
    return [
      finding({
        ...common,
        cause: 'release_failed',
        title: `Revision ${revision} of the release ${name} failed`,
        mechanism: 'Helm changed what it could before the failure and left it so: a part of the release is new, a part old.',
        refutedBy: 'A later revision of the release is deployed.',
        confidence: 0.6,
        evidence: [[delivery, `${name} revision ${revision}: ${status}`]],
      }),
    ];
  if (!status.startsWith('pending-') || age === null || age < stuckSeconds) return [];
  return [
    finding({
      ...common,
      cause: 'release_stuck',
      title: `The release ${name} is ${status} since ${Math.round(age / 60)} minutes`,
      mechanism: 'Whoever ran helm was ended in the middle. Until the release is rolled back, helm refuses every other change of it.',
      refutedBy: 'Somebody still runs helm for it.',
      confidence: 0.6,
      evidence: [[delivery, `${name} revision ${revision}: ${status}`]],
    }),
  ];
}

/** Deliveries that did not come to their end. Unhealthy applications are explained by what is wrong with their objects. */
export function deliveries(snapshot: Snapshot): readonly Finding[] {
  return snapshot.deliveries.filter(({ system }) => system === 'helm').flatMap(release);
}
