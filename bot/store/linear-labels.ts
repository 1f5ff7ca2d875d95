import { z } from 'zod';
import { type Db, sql } from './sql.ts';

/** What became of a label: it was a vote, it was refused, or it was off again before anybody looked. */
export const LabelResult = z.enum(['counted', 'refused', 'withdrawn']);
export type LabelResult = z.infer<typeof LabelResult>;

/** One time that a label was put on an issue. */
export interface LabelKey {
  /** Id of the entry in the history. */
  readonly entryId: string;
  readonly label: string;
}

/** Takes it for `seconds`: false when it is settled, or when another process has it. */
export async function claimLabel(db: Db, { entryId, label }: LabelKey, incidentId: string, seconds: number): Promise<boolean> {
  const claimed = await db.maybeOne(sql.type(z.object({ entryId: z.string() }))`
    INSERT INTO linear_labels (entry_id, label, incident_id, lease_until)
    VALUES (${entryId}, ${label}, ${incidentId}, now() + make_interval(secs => ${seconds}))
    ON CONFLICT (entry_id, label) DO UPDATE SET lease_until = excluded.lease_until
    WHERE linear_labels.settled_at IS NULL AND (linear_labels.lease_until IS NULL OR linear_labels.lease_until <= now())
    RETURNING entry_id AS "entryId"
  `);
  return claimed !== null;
}

/** For good. */
export async function settleLabel(db: Db, { entryId, label }: LabelKey, result: LabelResult): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE linear_labels SET settled_at = now(), result = ${result}, lease_until = NULL
    WHERE entry_id = ${entryId} AND label = ${label} AND settled_at IS NULL
  `);
}

/** To be looked at again, by anybody. */
export async function releaseLabel(db: Db, { entryId, label }: LabelKey): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE linear_labels SET lease_until = NULL WHERE entry_id = ${entryId} AND label = ${label} AND settled_at IS NULL
  `);
}
