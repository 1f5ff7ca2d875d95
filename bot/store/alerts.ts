import { z } from 'zod';
import { reasons } from '../correlation/place.ts';
import { type Db, json, sql, type Tx } from './sql.ts';

export const AlertSource = z.enum(['pagerduty', 'alertmanager']);
export type AlertSource = z.infer<typeof AlertSource>;
export const AlertStatus = z.enum(['firing', 'acknowledged', 'resolved']);
export type AlertStatus = z.infer<typeof AlertStatus>;
/** How it came under its incident. `own`: the page was opened by our own mirror. */
export const JoinedBy = z.enum(['opened', ...reasons, 'own']);
export type JoinedBy = z.infer<typeof JoinedBy>;

export const Alert = z.object({
  id: z.string(),
  /** Grows with every alert that is stored; places in a list are counted by it. */
  position: z.number(),
  incidentId: z.string(),
  source: AlertSource,
  /** PagerDuty: id of the incident. Alertmanager: fingerprint and start. */
  externalId: z.string(),
  fingerprint: z.string(),
  scope: z.string(),
  /** A configured service. */
  service: z.string().nullable(),
  site: z.string().nullable(),
  namespace: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** Ids of deploys and rollouts that it is attributed to. */
  changes: z.array(z.string()),
  severity: z.string().nullable(),
  urgency: z.enum(['high', 'low']),
  title: z.string(),
  url: z.string().nullable(),
  joinedBy: JoinedBy,
  status: AlertStatus,
  /** Since when, by the sender's clock. */
  statusAt: z.string(),
  startsAt: z.string(),
  endsAt: z.string().nullable(),
  receivedAt: z.string(),
});
export type Alert = z.infer<typeof Alert>;

const columns = sql.fragment`id, position, incident_id AS "incidentId", source, external_id AS "externalId", fingerprint, scope, service, site,
  namespace, labels, changes, severity, urgency, title, url, joined_by AS "joinedBy", status, status_at AS "statusAt", starts_at AS "startsAt",
  ends_at AS "endsAt", received_at AS "receivedAt"`;

export type NewAlert = Omit<Alert, 'position' | 'receivedAt'>;

/** What opens an incident is looked into by its first investigation. Throws Rejected when the source has an alert of that id. Words must be redacted. */
export async function insertAlert(tx: Tx, alert: NewAlert): Promise<void> {
  await tx.query(sql.typeAlias('none')`
    INSERT INTO alerts (id, incident_id, source, external_id, fingerprint, scope, service, site, namespace, labels, changes, severity, urgency,
      title, url, joined_by, status, status_at, starts_at, ends_at, looked)
    VALUES (${alert.id}, ${alert.incidentId}, ${alert.source}, ${alert.externalId}, ${alert.fingerprint}, ${alert.scope}, ${alert.service},
      ${alert.site}, ${alert.namespace}, ${json(alert.labels)}::jsonb, ${sql.array(alert.changes, 'text')}, ${alert.severity}, ${alert.urgency},
      ${alert.title}, ${alert.url}, ${alert.joinedBy}, ${alert.status}, ${alert.statusAt}, ${alert.startsAt}, ${alert.endsAt},
      ${alert.joinedBy === 'opened' || alert.joinedBy === 'own'})
  `);
}

export function findAlert(db: Db, source: AlertSource, externalId: string): Promise<Alert | null> {
  return db.maybeOne(sql.type(Alert)`SELECT ${columns} FROM alerts WHERE source = ${source} AND external_id = ${externalId}`);
}

const Standing = z.object({ externalId: z.string(), status: AlertStatus });

/** Status of those that are kept, by what the sender calls them. */
export async function statusesOf(db: Db, source: AlertSource, externalIds: readonly string[]): Promise<ReadonlyMap<string, AlertStatus>> {
  const rows = await db.any(sql.type(Standing)`
    SELECT external_id AS "externalId", status FROM alerts WHERE source = ${source} AND external_id = ANY (${sql.array([...externalIds], 'text')})
  `);
  return new Map(rows.map(({ externalId, status }) => [externalId, status]));
}

/** `endsAt` is set with `resolved`, and only then. */
export async function setAlertStatus(tx: Tx, id: string, status: AlertStatus, at: string, endsAt: string | null): Promise<void> {
  await tx.query(sql.typeAlias('none')`UPDATE alerts SET status = ${status}, status_at = ${at}, ends_at = ${endsAt} WHERE id = ${id}`);
}

/** In the order in which they came, those after the position. Not what our own mirror opened. */
export function listAlerts(db: Db, incidentId: string, after: number, limit: number): Promise<readonly Alert[]> {
  return db.any(sql.type(Alert)`
    SELECT ${columns} FROM alerts WHERE incident_id = ${incidentId} AND position > ${after} AND joined_by <> 'own' ORDER BY position LIMIT ${limit}
  `);
}

/** What a person should see first: firing before resolved, urgent before others, then the oldest. Not what our own mirror opened. */
export function foremostAlerts(db: Db, incidentId: string, limit: number): Promise<readonly Alert[]> {
  return db.any(sql.type(Alert)`
    SELECT ${columns} FROM alerts WHERE incident_id = ${incidentId} AND joined_by <> 'own'
    ORDER BY status = 'resolved', urgency = 'low', position LIMIT ${limit}
  `);
}

const Count = z.object({ source: AlertSource, status: AlertStatus, count: z.number() });

/** How many there are of each source and status, without what our own mirror opened. */
export function countAlerts(db: Db, incidentId: string): Promise<readonly z.infer<typeof Count>[]> {
  return db.any(sql.type(Count)`
    SELECT source, status, count(*) AS count FROM alerts WHERE incident_id = ${incidentId} AND joined_by <> 'own' GROUP BY source, status
  `);
}
