import { z } from 'zod';
import { type Db, sql, type Tx } from './sql.ts';

/** What a receiver of checkpoints is said to have. */
export const Delivery = z.object({
  size: z.number(),
  /** The checkpoint of that size; null in rows of versions that did not keep it. */
  note: z.string().nullable(),
  /** The log holds that very checkpoint. */
  proven: z.boolean(),
  /** When a row was found last that the log did not bear out; null: never. */
  doubtedAt: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

const columns = sql.fragment`d.size, d.note, d.doubted_at AS "doubtedAt", EXISTS (
  SELECT FROM audit_checkpoints c WHERE c.size = d.size AND c.note = coalesce(d.note, c.note)
) AS proven`;

/** Null: it was sent nothing yet. */
export function deliveryTo(db: Db, receiver: string): Promise<Delivery | null> {
  return db.maybeOne(sql.type(Delivery)`SELECT ${columns} FROM audit_deliveries d WHERE d.receiver = ${receiver}`);
}

/** Never goes back from what is proven: several processes may send to one receiver. `doubted`: the row that this is in place of. */
export async function delivered(db: Db, receiver: string, last: Pick<Delivery, 'size' | 'note'>, doubted: number | null): Promise<void> {
  await db.query(sql.typeAlias('none')`
    INSERT INTO audit_deliveries AS d (receiver, size, note) VALUES (${receiver}, ${last.size}, ${last.note})
    ON CONFLICT (receiver) DO UPDATE SET size = EXCLUDED.size, note = EXCLUDED.note, at = clock_timestamp()
    WHERE d.size < EXCLUDED.size OR d.size = ${doubted}::bigint
  `);
}

/** True for one caller per row that the log does not bear out. */
export async function doubt(tx: Tx, receiver: string, size: number): Promise<boolean> {
  const newly = await tx.maybeOne(sql.typeAlias('id')`
    UPDATE audit_deliveries SET doubted = size, doubted_at = clock_timestamp()
    WHERE receiver = ${receiver} AND size = ${size} AND doubted IS DISTINCT FROM size RETURNING receiver AS id
  `);
  return newly !== null;
}

/** Whether anything has been wrong with what receivers are said to have, in the last days. */
export function deliveriesInDoubt(db: Db, days: number): Promise<boolean> {
  return db.exists(sql.typeAlias('id')`
    SELECT receiver AS id FROM (SELECT d.receiver, ${columns} FROM audit_deliveries d) AS found
    WHERE NOT proven OR "doubtedAt" > now() - make_interval(days => ${days})
  `);
}
