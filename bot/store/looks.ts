import { z } from 'zod';
import { lockIncident } from './incidents.ts';
import type { Recorder } from './record.ts';
import { system } from './record.ts';
import { type Db, sql, type Tx } from './sql.ts';

const Due = z.object({ number: z.number(), waitMs: z.number() });
/** The next second look of an incident, and how long to wait for it. */
export type DueLook = z.infer<typeof Due>;

/** Null: the incident is closed, or no alert came in that was not looked into. `pauseSeconds`: between two looks. */
export function dueLook(db: Db, incidentId: string, pauseSeconds: number): Promise<DueLook | null> {
  return db.maybeOne(sql.type(Due)`
    SELECT coalesce(l.number, 0) + 1 AS number,
      greatest(0, ceil(extract(epoch FROM coalesce(l.at, i.created_at) + make_interval(secs => ${pauseSeconds}) - now()) * 1000))::float8 AS "waitMs"
    FROM incidents i LEFT JOIN incident_looks l ON l.incident_id = i.id
    WHERE i.id = ${incidentId} AND i.state <> 'closed'
      AND EXISTS (SELECT FROM alerts a WHERE a.incident_id = i.id AND NOT a.looked)
  `);
}

const Look = z.object({ alerts: z.number(), services: z.array(z.string()) });
/** What the alerts that came in since the last look are about: configured services. */
export type Look = z.infer<typeof Look>;

const Taken = z.object({ service: z.string().nullable() });
const Kept = Look.extend({ number: z.number() });

/** Takes every alert that was not looked into. Null: nothing is to be looked into any more. A repeated call answers the same. */
export async function beginLook(tx: Tx, record: Recorder, incidentId: string, number: number): Promise<Look | null> {
  const { state } = await lockIncident(tx, incidentId);
  const kept = await tx.maybeOne(sql.type(Kept)`SELECT number, alerts, services FROM incident_looks WHERE incident_id = ${incidentId}`);
  if (kept !== null && kept.number >= number) return kept.number === number ? { alerts: kept.alerts, services: kept.services } : null;
  // A change that is under way is verified anyway.
  if (state === 'closed' || state === 'executing') return null;
  const taken = await tx.any(sql.type(Taken)`
    UPDATE alerts SET looked = true WHERE incident_id = ${incidentId} AND NOT looked RETURNING service
  `);
  if (taken.length === 0) return null;
  const services = [...new Set(taken.flatMap(({ service }) => service ?? []))].toSorted();
  await tx.query(sql.typeAlias('none')`
    INSERT INTO incident_looks AS l (incident_id, number, at, alerts, services)
    VALUES (${incidentId}, ${number}, now(), ${taken.length}, ${sql.array(services, 'text')})
    ON CONFLICT (incident_id) DO UPDATE
      SET number = excluded.number, at = excluded.at, alerts = excluded.alerts, services = excluded.services
  `);
  const ids = { number, alerts: taken.length };
  const message = `${taken.length} since the last look${services.length === 0 ? '' : `, about ${services.join(', ')}`}`;
  await record(tx, { kind: 'incident.looked_again', actor: system, incidentId, ids, words: { message } });
  return { alerts: taken.length, services };
}
