import type { Incident } from '../../workflows/contracts/incident.ts';
import { askBoard } from '../store/alert-boards.ts';
import { insertAlertEvent, isHandled } from '../store/alert-events.ts';
import { type Alert, countAlerts, findAlert, insertAlert, setAlertStatus } from '../store/alerts.ts';
import { uuidv7 } from '../store/id.ts';
import { insertEvent } from '../store/inbox.ts';
import { type IncidentContext, lockIncident, openIncident, reopenIncident } from '../store/incidents.ts';
import { lockKeys } from '../store/nearby.ts';
import { clean, sql, type Tx } from '../store/sql.ts';
import type { IncomingAlert, Placed, Report } from './alert.ts';
import { keysOf, type LocateContext, locate } from './locate.ts';

export type AdmitContext = LocateContext & IncidentContext;

const systemOf = (alert: IncomingAlert) => ({ kind: 'system' as const, id: alert.source });

/** For how long it lasts, by the sender's clock. */
const endOf = (alert: IncomingAlert) => (alert.status === 'resolved' ? alert.statusAt.toISOString() : null);

async function isOurs(tx: Tx, incidentId: string): Promise<boolean> {
  return tx.exists(sql.typeAlias('none')`SELECT FROM incidents WHERE id = ${incidentId}`);
}

async function opened(tx: Tx, context: AdmitContext, alert: IncomingAlert): Promise<Placed> {
  const { source, externalId, title, text, scope } = alert;
  const request = { key: `${source}:${externalId}`, title, text, source, service: scope.service, site: scope.site, requester: null };
  const { incident } = await openIncident(tx, context, request, systemOf(alert));
  const event = { kind: 'alerts.opened' as const, dedupeKey: incident.id, incidentId: incident.id, again: false };
  await insertEvent(tx, event, context.redact);
  return { incidentId: incident.id, how: 'opened', by: 'opened' };
}

/** The same problem again after the end: the same thread, and another look. Does nothing to an open incident. */
async function reopened(tx: Tx, context: AdmitContext, alert: IncomingAlert, incident: Incident): Promise<boolean> {
  if (!(await reopenIncident(tx, context, incident.id, systemOf(alert)))) return false;
  const dedupeKey = `${incident.id}:${incident.closedAt}`;
  await insertEvent(tx, { kind: 'alerts.opened', dedupeKey, incidentId: incident.id, again: true }, context.redact);
  return true;
}

/** Under which incident a new alert comes. */
async function placed(tx: Tx, context: AdmitContext, alert: IncomingAlert): Promise<Placed> {
  if (alert.ownIncident !== null && (await isOurs(tx, alert.ownIncident)))
    return { incidentId: alert.ownIncident, how: 'joined', by: 'own' };
  const where = await locate(tx, context, alert);
  if (where.kind === 'open') return opened(tx, context, alert);
  const incident = await lockIncident(tx, where.incidentId);
  const again = where.kind === 'reopen' && (await reopened(tx, context, alert, incident));
  return { incidentId: incident.id, how: again ? 'reopened' : 'joined', by: where.reason };
}

async function stored(tx: Tx, context: AdmitContext, alert: IncomingAlert, { incidentId, by }: Placed): Promise<string> {
  const { source, externalId, fingerprint, changes, severity, urgency, url, status, labels } = alert;
  const { service, site, namespace } = alert.scope;
  const words = (text: string) => String(clean(context.redact.text(text).text));
  const id = uuidv7(context.now());
  await insertAlert(tx, {
    ...{ id, incidentId, source, externalId, fingerprint, service, site, namespace, severity, urgency, url, status },
    // Its own page says nothing of what an incident is about.
    scope: by === 'own' ? `own:${incidentId}` : alert.scope.scope,
    labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, words(value)])),
    changes: [...changes],
    title: words(alert.title),
    joinedBy: by,
    statusAt: alert.statusAt.toISOString(),
    startsAt: alert.startsAt.toISOString(),
    endsAt: endOf(alert),
  });
  return id;
}

/** The status of an alert that is kept already: true when it changed. */
async function updated(tx: Tx, context: AdmitContext, alert: IncomingAlert, kept: Alert, incident: Incident): Promise<boolean> {
  if (!alert.supersedes(kept) || alert.status === kept.status) return false;
  await setAlertStatus(tx, kept.id, alert.status, alert.statusAt.toISOString(), endOf(alert));
  if (kept.status === 'resolved') await reopened(tx, context, alert, incident);
  return true;
}

const named = { pagerduty: 'PagerDuty incidents', alertmanager: 'alerts of Alertmanager' } as const;

/** When the last one is resolved the workflow looks again, unless a change is under way, which is verified anyway. */
async function over(tx: Tx, context: AdmitContext, alert: IncomingAlert, incident: Incident, report: Report): Promise<void> {
  const counts = (await countAlerts(tx, incident.id)).filter(({ source }) => source === alert.source);
  if (counts.length === 0 || counts.some(({ status }) => status !== 'resolved')) return;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const executing = incident.state === 'executing';
  const rest = executing ? ' A change is being executed: it goes on, and is verified.' : '';
  const eventId = `${report.eventId}:over`;
  const line = `All ${total === 1 ? '' : `${total} `}${named[alert.source]} of this incident are resolved.${rest}`;
  await insertAlertEvent(tx, { incidentId: incident.id, source: alert.source, eventId, kind: 'over', at: report.at.toISOString(), line });
  await context.record(tx, { kind: `${alert.source}.all_resolved`, actor: report.actor, incidentId: incident.id, ids: { alerts: total } });
  if (executing || incident.state === 'closed') return;
  await insertEvent(tx, { kind: 'wake', dedupeKey: eventId, incidentId: incident.id, reason: 'message' }, context.redact);
}

/** Writes what an event did: its line for the thread and its audit entry. */
async function report(tx: Tx, context: AdmitContext, alert: IncomingAlert, told: Report, where: Placed, alertId: string): Promise<void> {
  const line = told.line(where);
  const at = told.at.toISOString();
  const safe = line === null ? null : String(clean(context.redact.text(line).text));
  await insertAlertEvent(tx, {
    incidentId: where.incidentId,
    source: alert.source,
    eventId: told.eventId,
    kind: told.kind,
    at,
    line: safe,
  });
  const ids = { ...told.ids, alert: alertId, externalId: alert.externalId, status: alert.status, placed: where.how, by: where.by };
  await context.record(tx, { kind: told.kind, actor: told.actor, incidentId: where.incidentId, ids, words: told.words });
}

/**
 * Takes an alert in: finds or opens the one incident that it belongs to, or brings the alert that is kept up to date, and records the event, all
 * in the caller's transaction. Null: the event was handled before, or changes nothing.
 */
export async function admit(tx: Tx, context: AdmitContext, alert: IncomingAlert, told: Report, always: boolean): Promise<Placed | null> {
  await lockKeys(tx, keysOf(alert, context));
  if (await isHandled(tx, alert.source, told.eventId)) return null;
  const kept = await findAlert(tx, alert.source, alert.externalId);
  if (kept === null) {
    const where = await placed(tx, context, alert);
    const id = await stored(tx, context, alert, where);
    await askBoard(tx, where.incidentId, context.redact, where.how === 'opened' || where.how === 'reopened');
    await report(tx, context, alert, told, where, id);
    return where;
  }
  const incident = await lockIncident(tx, kept.incidentId);
  const changed = await updated(tx, context, alert, kept, incident);
  if (!changed && !always) return null;
  const where: Placed = { incidentId: incident.id, how: 'known', by: kept.joinedBy };
  await askBoard(tx, incident.id, context.redact);
  await report(tx, context, alert, told, where, kept.id);
  if (changed && alert.status === 'resolved' && alert.mergedInto === null) await over(tx, context, alert, incident, told);
  return where;
}
