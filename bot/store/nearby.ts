import { z } from 'zod';
import { type Db, sql, type Tx } from './sql.ts';

/** An incident to which an alert may belong. Times as RFC 3339. */
const Row = z.object({
  incidentId: z.string(),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  /** Of the incident itself. */
  service: z.string().nullable(),
  /** Of its alerts, in the order in which they came. */
  scopes: z.array(z.string()),
  latestAt: z.string().nullable(),
  sameFingerprint: z.boolean(),
  sameChange: z.boolean(),
  /** Title and text of one that names no service and has no alert; empty for others. */
  words: z.string(),
});
export type NearbyRow = z.infer<typeof Row>;

export interface NearbyQuery {
  readonly fingerprint: string;
  readonly scopes: readonly string[];
  readonly services: readonly string[];
  readonly changes: readonly string[];
  /** Incidents closed before that are not looked at. */
  readonly closedSince: Date;
}

const texts = (values: readonly string[]) => sql.array([...values], 'text');

/** Incidents, open or closed since, that have something in common with it. Those that people opened without a service are listed for their words. */
export function nearbyIncidents(
  db: Db,
  { fingerprint, scopes, services, changes, closedSince }: NearbyQuery,
): Promise<readonly NearbyRow[]> {
  const since = closedSince.toISOString();
  const shared = changes.length === 0 ? sql.fragment`false` : sql.fragment`a.changes && ${texts(changes)}`;
  return db.any(sql.type(Row)`
    SELECT i.id AS "incidentId", i.created_at AS "openedAt", i.closed_at AS "closedAt", i.service,
      coalesce(b.scopes, '{}') AS scopes, b.latest_at AS "latestAt",
      EXISTS (SELECT FROM alerts a WHERE a.incident_id = i.id AND a.fingerprint = ${fingerprint}) AS "sameFingerprint",
      EXISTS (SELECT FROM alerts a WHERE a.incident_id = i.id AND ${shared}) AS "sameChange",
      CASE WHEN i.service IS NULL AND i.source IN ('slack', 'api', 'cli') THEN i.title || E'\n' || i.body ELSE '' END AS words
    FROM incidents i LEFT JOIN alert_boards b ON b.incident_id = i.id
    WHERE (i.state <> 'closed' OR i.closed_at >= ${since})
      AND NOT EXISTS (SELECT FROM incident_relations r WHERE r.incident_id = i.id AND r.kind = 'merged_into')
      AND (
        i.service = ANY (${texts(services)})
        OR b.scopes && ${texts(scopes)}
        OR i.service IS NULL AND i.source IN ('slack', 'api', 'cli') AND i.state <> 'closed'
        OR EXISTS (SELECT FROM alerts a WHERE a.incident_id = i.id AND (a.fingerprint = ${fingerprint} OR ${shared}))
      )
    ORDER BY i.created_at, i.id
  `);
}

/** Holds the keys until the transaction ends; in one order for everybody, so that two cannot wait for each other. Take it before every row lock. */
export async function lockKeys(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.query(sql.type(z.unknown())`
    SELECT pg_advisory_xact_lock(k.hash) FROM (SELECT DISTINCT hashtextextended('alerts:' || key, 0) AS hash FROM unnest(${texts(keys)}) AS key ORDER BY 1) k
  `);
}
