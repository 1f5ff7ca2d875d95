import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { existing } from '../look.ts';
import type { Snapshot } from '../snapshot.ts';

/** Webhooks that must answer and cannot: the API server refuses everything that they should judge. */
export function webhooks(snapshot: Snapshot): readonly Finding[] {
  return snapshot.webhooks.flatMap((webhook) => {
    const { service, site } = webhook;
    if (service === null || webhook.failurePolicy !== 'Fail') return [];
    const endpoints = snapshot.endpoints.filter(
      (one) => one.site === site && one.namespace === service.namespace && one.service === service.name,
    );
    const missing = existing(snapshot, site, 'service', service.namespace)?.has(service.name) === false;
    const down = endpoints.length > 0 && endpoints.every(({ ready }) => ready === 0);
    if (!missing && !down) return [];
    return [
      finding({
        analyzer: 'webhooks',
        cause: 'webhook_unavailable',
        entity: { site, kind: 'webhook', namespace: null, name: webhook.name },
        title: `The webhook ${webhook.name} has nobody to answer`,
        mechanism: `Its service ${service.namespace}/${service.name} ${missing ? 'does not exist' : 'has no ready endpoint'}, and its failure policy is Fail: what it should judge is refused.`,
        refutedBy: 'Objects of the kinds that it judges are admitted.',
        confidence: 0.85,
        evidence: [
          [webhook, `failure policy Fail, service ${service.namespace}/${service.name}`],
          ...endpoints.slice(0, 1).map((one) => [one, '0 ready endpoints'] as const),
        ],
      }),
    ];
  });
}
