import { z } from 'zod';
import { canonicalJson, sha256Hex } from '../../tools/canonical.ts';
import { CallMode, noIncident, Observation } from '../../tools/contract.ts';
import type { Actor } from './audit.ts';
import { NotFound } from './errors.ts';
import type { Recorder } from './record.ts';
import { type Db, sql, type Tx } from './sql.ts';

/** Answers its id; stored once, audited once. Throws Rejected when the incident is unknown, TypeError when the value has no canonical form. */
export async function putObservation(tx: Tx, record: Recorder, observation: Observation, actor: Actor): Promise<string> {
  const body = canonicalJson(observation);
  const id = sha256Hex(body);
  const { operation, site, status } = observation;
  const incidentId = observation.incidentId === noIncident ? null : observation.incidentId;
  const row = await tx.maybeOne(sql.typeAlias('id')`
    INSERT INTO observations (id, incident_id, operation, site, status, body)
    VALUES (${id}, ${incidentId}, ${operation}, ${site}, ${status}, ${sql.binary(Buffer.from(body, 'utf8'))})
    ON CONFLICT (id) DO NOTHING RETURNING id
  `);
  if (row !== null)
    await record(tx, {
      kind: 'observation.stored',
      actor,
      incidentId,
      ids: { observation: id, operation, site, mode: observation.mode, status },
    });
  return id;
}

/** Throws NotFound. */
export async function getObservation(db: Db, id: string): Promise<Observation> {
  const row = await db.maybeOne(sql.type(z.object({ body: z.instanceof(Buffer) }))`SELECT body FROM observations WHERE id = ${id}`);
  if (row === null) throw new NotFound('observation', id);
  return Observation.parse(JSON.parse(row.body.toString('utf8')));
}

/** In the order in which they came. */
export function listObservations(
  db: Db,
  incidentId: string,
): Promise<readonly { id: string; operation: string; site: string; status: 'ok' | 'error' }[]> {
  return db.any(sql.type(z.object({ id: z.string(), operation: z.string(), site: z.string(), status: z.enum(['ok', 'error']) }))`
    SELECT id, operation, site, status FROM observations WHERE incident_id = ${incidentId} ORDER BY created_at, id
  `);
}

/** What an observation is about, without what it says. */
export const ObservationHead = z.object({
  id: z.string(),
  operation: z.string(),
  site: z.string(),
  status: z.enum(['ok', 'error']),
  mode: CallMode,
  input: z.record(z.string(), z.unknown()),
  at: z.string(),
});
export type ObservationHead = z.infer<typeof ObservationHead>;

/** In the order in which they came. As `json`: `jsonb` takes no NUL, which the output of a program may hold. */
export function observationHeads(db: Db, incidentId: string): Promise<readonly ObservationHead[]> {
  return db.any(sql.type(ObservationHead)`
    SELECT o.id, o.operation, o.site, o.status, b.body ->> 'mode' AS mode, b.body -> 'input' AS input, b.body ->> 'startedAt' AS at
    FROM observations o CROSS JOIN LATERAL (SELECT convert_from(o.body, 'UTF8')::json AS body OFFSET 0) b
    WHERE o.incident_id = ${incidentId} ORDER BY o.created_at, o.id
  `);
}
