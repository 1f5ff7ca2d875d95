import type { Incident } from '../../workflows/contracts/incident.ts';
import { askBoard } from '../store/alert-boards.ts';
import { insertAlertEvent } from '../store/alert-events.ts';
import { insertEvent } from '../store/inbox.ts';
import { type IncidentContext, lockIncident, requestCancel } from '../store/incidents.ts';
import { putMirrorLink } from '../store/mirror-links.ts';
import { hasFindings, moveAlerts, relate } from '../store/relations.ts';
import type { Tx } from '../store/sql.ts';
import type { IncomingAlert, Report } from './alert.ts';

/** The alert that shows the common cause, as it is told of. */
interface Cause {
  readonly alert: IncomingAlert;
  readonly told: Report;
}

/** Nobody has found or decided anything about it yet, and nobody asked for it: then it may go into another one. */
async function isOnlyAlerts(tx: Tx, { id, requester, state, source }: Incident): Promise<boolean> {
  const early = state === 'queued' || state === 'investigating';
  const reported = source === 'pagerduty' || source === 'alertmanager';
  return early && reported && requester === null && !(await hasFindings(tx, id));
}

async function tell(
  tx: Tx,
  context: IncidentContext,
  { alert, told }: Cause,
  incidentId: string,
  other: string,
  line: string,
): Promise<void> {
  await askBoard(tx, incidentId, context.redact, { added: null, outstanding: false });
  const eventId = `${told.eventId}:same-cause:${incidentId}:${other}`;
  await insertAlertEvent(tx, { incidentId, source: alert.source, eventId, kind: 'incident.related', at: told.at.toISOString(), line });
}

const named = ({ title, id }: Incident) => `“${title}” (incident ${id})`;

/** Everything of `from` is under `into` from now on; its investigation is stopped. */
async function merge(tx: Tx, context: IncidentContext, cause: Cause, from: Incident, into: Incident): Promise<void> {
  const service = cause.alert.scope.service ?? '';
  const moved = await moveAlerts(tx, from.id, into.id);
  for (const { scope, startsAt } of moved) await askBoard(tx, into.id, context.redact, { added: { scope, startsAt }, outstanding: false });
  for (const { source, externalId, url } of moved)
    if (source === 'pagerduty') await putMirrorLink(tx, { incidentId: into.id, sink: 'pagerduty', externalId, url });
  const alerts = moved.length === 1 ? 'Its alert is' : `Its ${moved.length} alerts are`;
  await tell(
    tx,
    context,
    cause,
    from.id,
    into.id,
    `${service}, on which this depends, fails as well. ${alerts} under ${named(into)} from now on; I go on there.`,
  );
  await tell(tx, context, cause, into.id, from.id, `${named(from)} has the same cause, ${service}. ${alerts} here now.`);
  const actor = { kind: 'system' as const, id: cause.alert.source };
  const ids = { kind: 'merged', alerts: moved.length };
  await context.record(tx, {
    kind: 'incident.related',
    actor,
    incidentId: into.id,
    ids: { ...ids, other: from.id },
    words: { message: `${named(from)}: ${alerts} here now` },
  });
  await context.record(tx, {
    kind: 'incident.related',
    actor,
    incidentId: from.id,
    ids: { ...ids, other: into.id },
    words: { message: `${alerts} under ${named(into)} now` },
  });
  await requestCancel(tx, context, from.id, actor);
  await insertEvent(tx, { kind: 'wake', dedupeKey: `merged:${from.id}`, incidentId: from.id, reason: 'cancel' }, context.redact);
}

/** Each goes on, and says that the other one is there. */
async function link(tx: Tx, context: IncidentContext, cause: Cause, one: Incident, other: Incident): Promise<void> {
  const service = cause.alert.scope.service ?? '';
  const words = (about: Incident) => `${named(about)} may have the same cause: ${service}, on which both depend, fails.`;
  await tell(tx, context, cause, one.id, other.id, `${words(other)} What was found or decided here stands.`);
  await tell(tx, context, cause, other.id, one.id, words(one));
  const actor = { kind: 'system' as const, id: cause.alert.source };
  await context.record(tx, {
    kind: 'incident.related',
    actor,
    incidentId: one.id,
    ids: { kind: 'linked', other: other.id },
    words: { message: words(other) },
  });
  await context.record(tx, {
    kind: 'incident.related',
    actor,
    incidentId: other.id,
    ids: { kind: 'linked', other: one.id },
    words: { message: words(one) },
  });
}

/**
 * The new alert under `incidentId` is at fault for these other incidents too, which nobody could know when they were opened. One that is nothing but
 * its alerts goes into `incidentId`; where something was found, decided or asked for, both are linked. Call it with `holdFor` held.
 */
export async function unite(
  tx: Tx,
  context: IncidentContext,
  alert: IncomingAlert,
  told: Report,
  incidentId: string,
  others: readonly string[],
): Promise<void> {
  if (others.length === 0) return;
  const cause = { alert, told };
  const into = await lockIncident(tx, incidentId);
  for (const id of others) {
    const other = await lockIncident(tx, id);
    const merges = await isOnlyAlerts(tx, other);
    if (other.state === 'closed' || !(await relate(tx, id, incidentId, merges ? 'merged_into' : 'same_cause'))) continue;
    if (merges) await merge(tx, context, cause, other, into);
    else await link(tx, context, cause, other, into);
  }
}
