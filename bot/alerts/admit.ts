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
import { bounded, boundedLabels } from './bounded.ts';
import { keysOf, type LocateContext, locate } from './locate.ts';
import { unite } from './unite.ts';

export type AdmitContext = LocateContext & IncidentContext;

const longestTitle = 250;
const longestText = 5_000;
const longestLine = 1_000;

const systemOf = (alert: IncomingAlert) => ({ kind: 'system' as const, id: alert.source });

/** For how long it lasts, by the sender's clock. */
const endOf = (alert: IncomingAlert) => (alert.status === 'resolved' ? alert.statusAt.toISOString() : null);

async function isOurs(tx: Tx, incidentId: string): Promise<boolean> {
  return tx.exists(sql.typeAlias('none')`SELECT FROM incidents WHERE id = ${incidentId}`);
}

async function opened(tx: Tx, context: AdmitContext, alert: IncomingAlert): Promise<Placed> {
  const { source, externalId, scope } = alert;
  const title = bounded(context.redact, alert.title, longestTitle);
  const text = bounded(context.redact, alert.text, longestText);
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
async function placed(tx: Tx, context: AdmitContext, alert: IncomingAlert): Promise<{ where: Placed; explained: readonly string[] }> {
  if (alert.ownIncident !== null && (await isOurs(tx, alert.ownIncident)))
    return { where: { incidentId: alert.ownIncident, how: 'joined', by: 'own' }, explained: [] };
  const { placement, explained } = await locate(tx, context, alert);
  if (placement.kind === 'open') return { where: await opened(tx, context, alert), explained };
  const { kind, incidentId, reason } = placement;
  const again = kind === 'reopen' && (await reopened(tx, context, alert, await lockIncident(tx, incidentId)));
  return { where: { incidentId, how: again ? 'reopened' : 'joined', by: reason }, explained };
}

async function stored(tx: Tx, context: AdmitContext, alert: IncomingAlert, { incidentId, by, how }: Placed): Promise<string> {
  const { source, externalId, fingerprint, changes, severity, urgency, url, status, labels } = alert;
  const { service, site, namespace } = alert.scope;
  const id = uuidv7(context.now());
  // Its own page says nothing of what an incident is about.
  const scope = by === 'own' ? `own:${incidentId}` : alert.scope.scope;
  const startsAt = alert.startsAt.toISOString();
  await insertAlert(tx, {
    ...{ id, incidentId, source, externalId, fingerprint, service, site, namespace, severity, urgency, url, status },
    ...{ scope, startsAt },
    labels: boundedLabels(context.redact, labels),
    changes: [...changes],
    title: String(clean(bounded(context.redact, alert.title, longestTitle))),
    joinedBy: by,
    statusAt: alert.statusAt.toISOString(),
    endsAt: endOf(alert),
  });
  await askBoard(tx, incidentId, context.redact, { added: { scope, startsAt }, outstanding: how === 'opened' || how === 'reopened' });
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

/** Writes what an event did: its audit entry, and its line for the thread. An alert that only began or ended is recorded by its own row. */
async function report(tx: Tx, context: AdmitContext, alert: IncomingAlert, told: Report, where: Placed, alertId: string): Promise<void> {
  const { incidentId, how, by } = where;
  const words = told.line(where);
  const line = words === null ? null : String(clean(bounded(context.redact, words, longestLine)));
  const at = told.at.toISOString();
  if (line !== null || told.once)
    await insertAlertEvent(tx, { incidentId, source: alert.source, eventId: told.eventId, kind: told.kind, at, line });
  const ids = { ...told.ids, alert: alertId, externalId: alert.externalId, status: alert.status, placed: how, by };
  await context.record(tx, { kind: told.kind, actor: told.actor, incidentId, ids, words: told.words });
}

/** An event about an alert that is kept already. */
async function again(tx: Tx, context: AdmitContext, alert: IncomingAlert, told: Report, kept: Alert): Promise<Placed | null> {
  if (told.once && (await isHandled(tx, alert.source, told.eventId))) return null;
  const incident = await lockIncident(tx, kept.incidentId);
  const changed = await updated(tx, context, alert, kept, incident);
  if (!changed && !told.once) return null;
  const where: Placed = { incidentId: incident.id, how: 'known', by: kept.joinedBy };
  await askBoard(tx, incident.id, context.redact, { added: null, outstanding: false });
  await report(tx, context, alert, told, where, kept.id);
  if (changed && alert.status === 'resolved' && alert.mergedInto === null) await over(tx, context, alert, incident, told);
  return where;
}

/** Holds what has to be held to decide about these alerts. Call it first, and once, in a transaction that admits them. */
export function holdFor(tx: Tx, context: AdmitContext, alerts: readonly IncomingAlert[]): Promise<void> {
  return lockKeys(
    tx,
    alerts.flatMap((alert) => keysOf(alert, context)),
  );
}

/**
 * Takes an alert in: finds or opens the one incident that it belongs to, or brings the alert that is kept up to date, and records the event, all
 * in the caller's transaction and with `holdFor` held. Null: the event was handled before, or changes nothing.
 */
export async function admit(tx: Tx, context: AdmitContext, alert: IncomingAlert, told: Report): Promise<Placed | null> {
  const kept = await findAlert(tx, alert.source, alert.externalId);
  if (kept !== null) return again(tx, context, alert, told, kept);
  const { where, explained } = await placed(tx, context, alert);
  await report(tx, context, alert, told, where, await stored(tx, context, alert, where));
  await unite(tx, context, alert, told, where.incidentId, explained);
  return where;
}
