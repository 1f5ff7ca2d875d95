import { randomUUID } from 'node:crypto';
import type { Observation } from '../../tools/contract.ts';
import type { Redactor } from '../../tools/ports.ts';
import type { Store } from '../store/store.ts';
import type { PageContext } from './context.ts';
import { pageObservation } from './observation.ts';
import type { PagerDutyReads } from './reads.ts';

/** What PagerDuty knows, as an observation of the incident. */
export interface PageEvidence {
  /** One line about it for the thread; null where the incident has no page. Throws what the store throws. */
  attach(incidentId: string): Promise<string | null>;
}

export interface EvidenceDeps {
  readonly reads: Pick<PagerDutyReads, 'context'>;
  readonly store: Pick<Store, 'alerts' | 'observations' | 'now'>;
  /** PagerDuty service id of one of our services. */
  readonly pagerDutyServiceOf: (service: string | null) => string | null;
  readonly apiUrl: string;
  readonly redact: Redactor;
}

/** `2 h`, `5 min`; from one time to another. */
function ago(from: string, to: Date): string {
  const minutes = Math.max(0, Math.round((to.getTime() - Date.parse(from)) / 60_000));
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** Words for the thread, not escaped. */
export function contextLine({ alerts, onCall, changeEvents, pastIncidents, missing }: PageContext, now: Date): string {
  const [change] = changeEvents ?? [];
  const when = change?.timestamp ? ` ${ago(change.timestamp, now)} ago` : '';
  const parts = [
    alerts && `${alerts.total} ${alerts.total === 1 ? 'alert' : 'alerts'} (${alerts.firing} firing)`,
    onCall && `on call: ${onCall.map(({ name }) => name).join(', ') || 'nobody'}`,
    changeEvents && (change === undefined ? 'no change event' : `last change event “${change.summary ?? change.id}”${when}`),
    pastIncidents && pastIncidents.length > 0 && `${pastIncidents.length} similar incidents before`,
    missing.length > 0 && `not readable: ${missing.join(', ')}`,
  ].filter((part) => part);
  return `From PagerDuty: ${parts.join(' · ')}.`;
}

function observationOf(incidentId: string, page: string, context: PageContext, startedAt: Date, deps: EvidenceDeps): Observation {
  const { redact, store, apiUrl } = deps;
  const looked = {
    callId: randomUUID(),
    incidentId,
    site: 'pagerduty',
    operation: 'pagerduty.incident_context',
    input: { incident: page },
  };
  const url = `${apiUrl}/incidents/${encodeURIComponent(page)}`;
  const error = context.incident === null ? 'unreachable' : null;
  return pageObservation({ ...looked, url, startedAt, finishedAt: store.now(), output: context, error }, redact);
}

export function createPageEvidence(deps: EvidenceDeps): PageEvidence {
  const { reads, store, pagerDutyServiceOf } = deps;
  return {
    async attach(incidentId) {
      const page = (await store.alerts.list(incidentId, 0, 50)).find(
        ({ source, joinedBy }) => source === 'pagerduty' && joinedBy !== 'own',
      );
      if (page === undefined) return null;
      const startedAt = store.now();
      const context = await reads.context(page.externalId, pagerDutyServiceOf(page.service));
      await store.observations.put(observationOf(incidentId, page.externalId, context, startedAt, deps));
      return contextLine(context, store.now());
    },
  };
}
