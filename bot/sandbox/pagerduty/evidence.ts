import type { Account } from './account.ts';
import type { Route } from './route.ts';
import { reference } from './shapes.ts';
import type { Incident } from './types.ts';
import { paged } from './wire.ts';

/** The one alert that an incident here has. */
function alertOf(account: Account, incident: Incident): object {
  const { id, title, status, created_at, incident_key, service } = incident;
  return {
    ...reference('alert', `A${id.slice(1)}`, title, account.origin()),
    created_at,
    status: status === 'resolved' ? 'resolved' : 'triggered',
    alert_key: incident_key,
    service,
    incident: reference('incident_reference', id, incident.summary, account.origin()),
    suppressed: false,
    severity: 'critical',
  };
}

/** What is known around an incident. */
export function evidenceRoutes(account: Account): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/{id}/alerts',
      operation: 'alerts.list',
      answer: ({ id, query }) => ({ status: 200, body: paged('alerts', [alertOf(account, account.incident(id))], query) }),
    },
    {
      method: 'GET',
      path: '/incidents/{id}/past_incidents',
      operation: 'past_incidents.list',
      answer: ({ id }) => {
        const { title } = account.incident(id);
        const before = account.incidents().filter((other) => other.id !== id && other.status === 'resolved' && other.title === title);
        const past = before.map((other) => ({
          incident: { id: other.id, created_at: other.created_at, self: other.self, title: other.title },
          score: 100,
        }));
        return { status: 200, body: { past_incidents: past.slice(-5), total: past.length, limit: 5 } };
      },
    },
    {
      method: 'GET',
      path: '/incidents/{id}/related_incidents',
      operation: 'related_incidents.list',
      answer: ({ id }) => {
        account.incident(id);
        return { status: 200, body: { related_incidents: [] } };
      },
    },
  ];
}
