import { z } from 'zod';
import type { Redactor } from '../../tools/ports.ts';
import { insertEvent } from './inbox.ts';
import { type Db, sql, type Tx } from './sql.ts';

/** How far an incident's thread shows its alerts. */
const Board = z.object({ wanted: z.number(), shown: z.number(), told: z.number() });
export type Board = z.infer<typeof Board>;

function ask(tx: Tx, incidentId: string, version: number, redact: Redactor, delaySeconds: number): Promise<boolean> {
  return insertEvent(tx, { kind: 'alerts.board', dedupeKey: `${incidentId}:${version}`, incidentId }, redact, delaySeconds);
}

/** What a new alert adds to what its incident is about. */
export interface Addition {
  readonly scope: string;
  /** RFC 3339. */
  readonly startsAt: string;
}

export interface Asking {
  /** Null: no alert is new. */
  readonly added: Addition | null;
  /** An event of the caller's own does the showing. */
  readonly outstanding: boolean;
}

/**
 * The thread is to show the incident's alerts again. There is at most one open event for that per incident, however many alerts come in:
 * a request beside an open one is answered by it. Holds the incident's board until the transaction ends.
 */
export async function askBoard(tx: Tx, incidentId: string, redact: Redactor, { added, outstanding }: Asking): Promise<void> {
  const scope = added?.scope ?? null;
  const { wanted, shown } = await tx.one(sql.type(Board)`
    INSERT INTO alert_boards AS b (incident_id, scopes, latest_at, wanted, shown, told)
    VALUES (${incidentId}, array_remove(ARRAY[${scope}::text], NULL), ${added?.startsAt ?? null}, 1, 0, 0)
    ON CONFLICT (incident_id) DO UPDATE SET
      wanted = b.wanted + 1,
      scopes = CASE WHEN b.scopes @> excluded.scopes THEN b.scopes ELSE b.scopes || excluded.scopes END,
      latest_at = greatest(b.latest_at, excluded.latest_at)
    RETURNING wanted, shown, told
  `);
  if (shown === wanted - 1 && !outstanding) await ask(tx, incidentId, wanted, redact, 0);
}

export function getBoard(db: Db, incidentId: string): Promise<Board | null> {
  return db.maybeOne(sql.type(Board)`SELECT wanted, shown, told FROM alert_boards WHERE incident_id = ${incidentId}`);
}

/** It was shown as of `shown`, and told as far as `told`. What came in meanwhile is shown after a pause of `pauseSeconds`. */
export async function settleBoard(
  tx: Tx,
  incidentId: string,
  shown: number,
  told: number,
  redact: Redactor,
  pauseSeconds: number,
): Promise<void> {
  const row = await tx.one(sql.type(Board)`
    UPDATE alert_boards SET shown = greatest(shown, ${shown}), told = greatest(told, ${told}) WHERE incident_id = ${incidentId}
    RETURNING wanted, shown, told
  `);
  if (row.wanted > row.shown) await ask(tx, incidentId, row.wanted, redact, pauseSeconds);
}
