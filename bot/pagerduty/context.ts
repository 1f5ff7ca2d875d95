import type { z } from 'zod';
import { callRest, type RestOptions } from '../mirrors/pagerduty/request.ts';
import { type OnCallPerson, onCall } from './on-call.ts';
import { ChangeEvents, IncidentAnswer, LogEntries, PagerDutyAlerts, PastIncidents, RelatedIncidents } from './shapes.ts';

const listed = 50;

/** What PagerDuty knows around an incident; a part that could not be read is null, and named under `missing`. */
export interface PageContext {
  readonly incident: { readonly id: string; readonly number: number; readonly title: string; readonly status: string } | null;
  readonly alerts: { readonly total: number; readonly firing: number; readonly first: z.infer<typeof PagerDutyAlerts>['alerts'] } | null;
  readonly logEntries: z.infer<typeof LogEntries>['log_entries'] | null;
  /** Newest first. */
  readonly changeEvents: z.infer<typeof ChangeEvents>['change_events'] | null;
  readonly pastIncidents: z.infer<typeof PastIncidents>['past_incidents'] | null;
  readonly relatedIncidents: z.infer<typeof RelatedIncidents>['related_incidents'] | null;
  readonly onCall: readonly OnCallPerson[] | null;
  readonly missing: readonly string[];
}

function newestFirst(a: { readonly timestamp?: string | null | undefined }, b: typeof a): number {
  return (b.timestamp ?? '').localeCompare(a.timestamp ?? '');
}

/** Reads of the account's plan (past and related incidents) are refused by many accounts: every part may be missing. */
export async function readContext(rest: RestOptions, incidentId: string, serviceId: string | null): Promise<PageContext> {
  const path = `/incidents/${encodeURIComponent(incidentId)}`;
  const missing: string[] = [];
  const part = async <T>(name: string, read: Promise<T>): Promise<T | null> =>
    read.catch(() => {
      missing.push(name);
      return null;
    });
  const get = <T>(below: string, answer: z.ZodType<T>) => callRest(rest, { method: 'get', path: `${path}${below}`, answer });
  const [incident, alerts, entries, changes, past, related, people] = await Promise.all([
    part('incident', get('', IncidentAnswer)),
    part('alerts', get('/alerts?limit=100', PagerDutyAlerts)),
    part('log entries', get(`/log_entries?limit=${listed}`, LogEntries)),
    part('change events', get('/related_change_events', ChangeEvents)),
    part('past incidents', get('/past_incidents?limit=5', PastIncidents)),
    part('related incidents', get('/related_incidents', RelatedIncidents)),
    serviceId === null ? null : part('on-call', onCall(rest, { kind: 'service', id: serviceId })),
  ]);
  const subject = incident?.incident;
  return {
    incident:
      subject === undefined ? null : { id: subject.id, number: subject.incident_number, title: subject.title, status: subject.status },
    alerts: alerts && {
      total: alerts.alerts.length,
      firing: alerts.alerts.filter(({ status }) => status !== 'resolved').length,
      first: alerts.alerts.slice(0, listed),
    },
    logEntries: entries?.log_entries ?? null,
    changeEvents: changes?.change_events.toSorted(newestFirst).slice(0, listed) ?? null,
    pastIncidents: past?.past_incidents ?? null,
    relatedIncidents: related?.related_incidents ?? null,
    onCall: people,
    missing: missing.toSorted(),
  };
}
