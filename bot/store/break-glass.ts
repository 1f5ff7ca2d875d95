import { z } from 'zod';
import { BreakGlass } from '../../workflows/contracts/plan.ts';
import { clean, type Db, sql, type Tx } from './sql.ts';

export const Review = z.object({
  verdict: z.enum(['justified', 'not_justified']),
  note: z.string(),
  by: z.string(),
  at: z.string(),
});
export type Review = z.infer<typeof Review>;

/** A use of break-glass with its review, where it has one. */
export const BreakGlassUse = BreakGlass.extend({ planId: z.string(), incidentId: z.string(), review: Review.nullable() });
export type BreakGlassUse = z.infer<typeof BreakGlassUse>;

const Row = BreakGlass.extend({
  planId: z.string(),
  incidentId: z.string(),
  verdict: Review.shape.verdict.nullable(),
  note: z.string().nullable(),
  reviewedBy: z.string().nullable(),
  reviewedAt: z.string().nullable(),
});

const columns = sql.fragment`b.plan_id AS "planId", p.incident_id AS "incidentId", b.person, b.reason, b.at, b.until,
  b.review_verdict AS verdict, b.review_note AS note, b.reviewed_by AS "reviewedBy", b.reviewed_at AS "reviewedAt"`;

function toUse({ verdict, note, reviewedBy: by, reviewedAt: at, ...use }: z.infer<typeof Row>): BreakGlassUse {
  const review = verdict !== null && note !== null && by !== null && at !== null ? { verdict, note, by, at } : null;
  return { ...use, review };
}

export interface NewBreakGlass extends BreakGlass {
  readonly planId: string;
  readonly requestHash: string;
  readonly loginAt: string;
}

/** `reason` must be redacted. False when the plan has one. Throws Rejected where the login is old, or it lasts longer than an hour. */
export async function insertBreakGlass(tx: Tx, use: NewBreakGlass): Promise<boolean> {
  const inserted = await tx.maybeOne(sql.typeAlias('id')`
    INSERT INTO break_glass (plan_id, request_hash, person, reason, login_at, at, until)
    VALUES (${use.planId}, ${use.requestHash}, ${use.person}, ${clean(use.reason)}, ${use.loginAt}, ${use.at}, ${use.until})
    ON CONFLICT (plan_id) DO NOTHING RETURNING plan_id AS id
  `);
  return inserted !== null;
}

export async function breakGlassOf(db: Db, planId: string): Promise<BreakGlassUse | null> {
  const row = await db.maybeOne(
    sql.type(Row)`SELECT ${columns} FROM break_glass b JOIN plans p ON p.id = b.plan_id WHERE b.plan_id = ${planId}`,
  );
  return row === null ? null : toUse(row);
}

/** Those that nobody has reviewed, oldest first, from after that plan's. */
export async function unreviewedBreakGlass(db: Db, limit: number, after: string | null = null): Promise<readonly BreakGlassUse[]> {
  const rows = await db.any(sql.type(Row)`
    SELECT ${columns} FROM break_glass b JOIN plans p ON p.id = b.plan_id
    WHERE b.reviewed_at IS NULL AND (${after}::text IS NULL OR (b.at, b.plan_id) > (SELECT c.at, c.plan_id FROM break_glass c WHERE c.plan_id = ${after}))
    ORDER BY b.at, b.plan_id LIMIT ${limit}
  `);
  return rows.map(toUse);
}

/** `note` must be redacted. False when it was reviewed before, or there is none. Throws Rejected when the reviewer is who used it. */
export async function reviewBreakGlass(tx: Tx, planId: string, { verdict, note, by, at }: Review): Promise<boolean> {
  const reviewed = await tx.maybeOne(sql.typeAlias('id')`
    UPDATE break_glass SET review_verdict = ${verdict}, review_note = ${clean(note)}, reviewed_by = ${by}, reviewed_at = ${at}
    WHERE plan_id = ${planId} AND reviewed_at IS NULL RETURNING plan_id AS id
  `);
  return reviewed !== null;
}
