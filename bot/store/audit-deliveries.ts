import { z } from 'zod';
import { type Db, sql } from './sql.ts';

/** The size of the newest checkpoint that a receiver has; 0: it has none. */
export async function deliveredTo(db: Db, receiver: string): Promise<number> {
  const size = await db.maybeOneFirst(
    sql.type(z.object({ size: z.number() }))`SELECT size FROM audit_deliveries WHERE receiver = ${receiver}`,
  );
  return size ?? 0;
}

/** Never goes back: several processes may send to one receiver. */
export async function delivered(db: Db, receiver: string, size: number): Promise<void> {
  await db.query(sql.typeAlias('none')`
    INSERT INTO audit_deliveries AS d (receiver, size) VALUES (${receiver}, ${size})
    ON CONFLICT (receiver) DO UPDATE SET size = EXCLUDED.size, at = clock_timestamp() WHERE d.size < EXCLUDED.size
  `);
}
