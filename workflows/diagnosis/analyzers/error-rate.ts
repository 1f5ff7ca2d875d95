import { rolledOutAt } from '../../../tools/kubernetes/rolled-out.ts';
import type { Finding } from '../../contracts/finding.ts';
import { bounded } from '../bounded.ts';
import { goodRevision } from '../good-revision.ts';
import type { SeenErrorRate, SeenRollout, Snapshot } from '../snapshot.ts';

/** A rollout older than this is not taken for the cause by its time alone. */
const recentMinutes = 60;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function recentRollout(snapshot: Snapshot, rate: SeenErrorRate): { rollout: SeenRollout; minutes: number } | null {
  const { site, namespace, name } = rate.service;
  const rollout = snapshot.rollouts.find(
    (candidate) => candidate.site === site && candidate.namespace === namespace && candidate.name === name,
  );
  const at = rollout === undefined ? null : rolledOutAt(rollout.state);
  if (rollout === undefined || at === null) return null;
  // Clocks differ: a rollout that seems to come from the future was just made.
  const minutes = Math.max(0, (snapshot.at.getTime() - Date.parse(at)) / 60_000);
  return minutes <= recentMinutes ? { rollout, minutes } : null;
}

function finding(snapshot: Snapshot, rate: SeenErrorRate, value: number): Finding {
  const { service } = rate;
  const recent = recentRollout(snapshot, rate);
  const good = recent === null ? null : goodRevision(recent.rollout.state);
  const measured = {
    observation: rate.observation,
    relation: 'supports' as const,
    excerpt: `error rate ${percent(value)}, limit ${percent(service.errorRateLimit)}`,
  };
  const entity = { site: service.site, kind: recent?.rollout.kind ?? 'service', namespace: service.namespace, name: service.name };
  if (recent === null) {
    return {
      id: `error-rate:${service.site}/${service.namespace}/${service.name}`,
      analyzer: 'error-rate',
      title: bounded(`${service.name} fails ${percent(value)} of its requests`, 200),
      mechanism: 'No rollout of it is recent enough to explain the errors; the cause is elsewhere.',
      entity,
      cause: 'high_error_rate',
      confidence: 0.4,
      refutedBy: 'The error rate is below its limit now.',
      edges: [measured],
      facts: {},
    };
  }
  const revision = recent.rollout.state.revision;
  return {
    id: `error-rate:${service.site}/${service.namespace}/${service.name}/${revision}`,
    analyzer: 'error-rate',
    title: bounded(`${service.name} fails ${percent(value)} of its requests since revision ${revision}`, 200),
    mechanism: `Revision ${revision} was rolled out ${Math.round(recent.minutes)} minutes ago and all its pods run; the errors may come from the change. Nothing but time connects the two.`,
    entity,
    cause: 'errors_since_rollout',
    confidence: 0.6,
    refutedBy: 'The errors began before the rollout, or stay after a return to the revision before.',
    edges: [
      measured,
      {
        observation: recent.rollout.observation,
        relation: 'supports',
        excerpt: `revision ${revision} is current since ${Math.round(recent.minutes)} minutes`,
      },
    ],
    facts: { workloadKind: recent.rollout.kind, revision, ...(good === null ? {} : { goodRevision: good.revision }) },
  };
}

/** A service fails more requests than it may. */
export function errorRate(snapshot: Snapshot): readonly Finding[] {
  return snapshot.errorRates.flatMap((rate) =>
    rate.value !== null && rate.value > rate.service.errorRateLimit ? [finding(snapshot, rate, rate.value)] : [],
  );
}
