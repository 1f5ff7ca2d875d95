import { z } from 'zod';
import type { PlanStore } from '../../workflows/ports.ts';
import { type Db, json, sql, type Tx } from './sql.ts';

export type IssuedGrant = Parameters<PlanStore['issueGrant']>[0];

const Claimed = z.object({ planId: z.string(), stepId: z.string(), incidentId: z.string() });

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly planId: string; readonly stepId: string; readonly incidentId: string }
  | { readonly kind: 'already_claimed' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' };

/** False when that grant was issued before. */
export async function insertGrant(tx: Tx, claims: IssuedGrant): Promise<boolean> {
  const inserted = await tx.maybeOne(sql.type(z.object({ jti: z.string() }))`
    INSERT INTO grants (jti, plan_id, step_id, claims, expires_at)
    VALUES (${claims.jti}, ${claims.planId}, ${claims.stepId}, ${json(claims)}::jsonb, to_timestamp(${claims.exp}))
    ON CONFLICT (jti) DO NOTHING RETURNING jti
  `);
  return inserted !== null;
}

/** One statement decides, so of any number of claims one wins, and none once the plan is over. Expiry is by the database's clock. */
export async function claimGrant(tx: Tx, jti: string, by: string): Promise<ClaimResult> {
  const claimed = await tx.maybeOne(sql.type(Claimed)`
    UPDATE grants g SET claimed_at = clock_timestamp(), claimed_by = ${by}
    FROM plans p
    WHERE g.jti = ${jti} AND g.claimed_at IS NULL AND g.expires_at > clock_timestamp() AND p.id = g.plan_id AND p.state = 'executing'
    RETURNING g.plan_id AS "planId", g.step_id AS "stepId", p.incident_id AS "incidentId"
  `);
  if (claimed !== null) return { kind: 'claimed', ...claimed };
  const row = await tx.maybeOne(
    sql.type(z.object({ claimed: z.boolean() }))`SELECT claimed_at IS NOT NULL AS claimed FROM grants WHERE jti = ${jti}`,
  );
  if (row === null) return { kind: 'unknown' };
  return { kind: row.claimed ? 'already_claimed' : 'expired' };
}

/** What an issued grant is for; null for an unknown one. */
export function placeOfGrant(db: Db, jti: string): Promise<z.infer<typeof Claimed> | null> {
  return db.maybeOne(sql.type(Claimed)`
    SELECT g.plan_id AS "planId", g.step_id AS "stepId", p.incident_id AS "incidentId"
    FROM grants g JOIN plans p ON p.id = g.plan_id WHERE g.jti = ${jti}
  `);
}

const Call = z.object({ site: z.string(), operation: z.string() });

/** Where and what an issued grant lets run; null for an unknown one. */
export function callOfGrant(db: Db, jti: string): Promise<z.infer<typeof Call> | null> {
  return db.maybeOne(sql.type(Call)`SELECT claims ->> 'site' AS site, claims ->> 'operation' AS operation FROM grants WHERE jti = ${jti}`);
}

const burnt = 'system:burnt';

/** Marks a grant as used by nobody. True also when it was marked before: no runner can claim it any more. */
export async function burnGrant(tx: Tx, jti: string): Promise<boolean> {
  await tx.query(
    sql.typeAlias(
      'none',
    )`UPDATE grants SET claimed_at = clock_timestamp(), claimed_by = ${burnt} WHERE jti = ${jti} AND claimed_at IS NULL`,
  );
  const row = await tx.maybeOne(sql.type(z.object({ by: z.string() }))`SELECT claimed_by AS by FROM grants WHERE jti = ${jti}`);
  return row === null || row.by === burnt;
}

/** Grants that runners claimed within the last hour: each is one write. */
export function grantsLastHour(db: Db): Promise<number> {
  return db.oneFirst(
    sql.type(
      z.object({ writes: z.number() }),
    )`SELECT count(*) AS writes FROM grants WHERE claimed_at > now() - interval '1 hour' AND claimed_by <> ${burnt}`,
  );
}
