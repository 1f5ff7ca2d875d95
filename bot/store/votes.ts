import { Vote } from '../../workflows/contracts/plan.ts';
import { clean, type Db, sql, type Tx } from './sql.ts';

const columns = sql.fragment`id, plan_id AS "planId", request_hash AS "requestHash", person, channel, place, verdict, reason, created_at AS "createdAt"`;

/**
 * False when that person answered this request before: the first answer stays. `reason` must be redacted.
 * Throws Rejected when the plan has another request hash.
 */
export async function insertVote(tx: Tx, vote: Vote): Promise<boolean> {
  const inserted = await tx.maybeOne(sql.typeAlias('id')`
    INSERT INTO votes (id, plan_id, request_hash, person, channel, place, verdict, reason, created_at)
    VALUES (${vote.id}, ${vote.planId}, ${vote.requestHash}, ${vote.person}, ${vote.channel}, ${vote.place}, ${vote.verdict}, ${clean(vote.reason)}, ${vote.createdAt})
    ON CONFLICT ON CONSTRAINT votes_one_per_person DO NOTHING RETURNING id
  `);
  return inserted !== null;
}

/** In the order in which they were cast. */
export function listVotes(db: Db, planId: string): Promise<readonly Vote[]> {
  return db.any(sql.type(Vote)`SELECT ${columns} FROM votes WHERE plan_id = ${planId} ORDER BY created_at, id`);
}

export function voteOf(db: Db, planId: string, requestHash: string, person: string): Promise<Vote | null> {
  return db.maybeOne(
    sql.type(Vote)`SELECT ${columns} FROM votes WHERE plan_id = ${planId} AND request_hash = ${requestHash} AND person = ${person}`,
  );
}
