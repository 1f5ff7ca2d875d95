import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../tools/canonical.ts';
import { type Db, sql, type Tx } from './sql.ts';

export const Actor = z.object({ kind: z.enum(['person', 'system', 'service_token']), id: z.string() });
export type Actor = z.infer<typeof Actor>;

/** What is hashed. `data` holds ids and small redacted values. */
export const AuditBody = z.object({
  version: z.literal(1),
  /** Id of the decision: the outbox rows of the same decision carry it too. */
  id: z.string(),
  at: z.iso.datetime(),
  kind: z.string(),
  actor: Actor,
  incidentId: z.string().nullable(),
  planId: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type AuditBody = z.infer<typeof AuditBody>;

/** A stored entry. `seq` grows, with gaps; `leaf` is SHA-256(0x00 ‖ RFC 8785 form of `body`) in hexadecimal. */
export interface AuditEntry {
  readonly seq: number;
  readonly leaf: string;
  readonly body: AuditBody;
}

export interface AuditFilter {
  readonly incidentId?: string | undefined;
  readonly planId?: string | undefined;
  readonly kind?: string | undefined;
}

const Row = z.object({ seq: z.number(), leaf: z.instanceof(Buffer), body: z.instanceof(Buffer) });

/** RFC 6962, 2.1: the hash of a leaf. */
export function leafHash(body: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(body).digest();
}

/** Belongs into the transaction of the change that it records: when it fails, the change fails. */
export async function appendAudit(tx: Tx, entry: AuditBody): Promise<void> {
  const body = Buffer.from(canonicalJson(entry), 'utf8');
  await tx.query(sql.typeAlias('none')`
    INSERT INTO audit_entries (at, incident_id, plan_id, kind, actor, body, leaf)
    VALUES (${entry.at}, ${entry.incidentId}, ${entry.planId}, ${entry.kind}, ${`${entry.actor.kind}:${entry.actor.id}`}, ${sql.binary(body)}, ${sql.binary(leafHash(body))})
  `);
}

function parse(row: z.infer<typeof Row>): AuditEntry {
  return { seq: row.seq, leaf: row.leaf.toString('hex'), body: AuditBody.parse(JSON.parse(row.body.toString('utf8'))) };
}

/** Oldest first, those after `after`, at most `limit`. */
export async function listAudit(db: Db, filter: AuditFilter, after: number, limit: number): Promise<readonly AuditEntry[]> {
  const conditions = [
    sql.fragment`id > ${after}`,
    ...(filter.incidentId === undefined ? [] : [sql.fragment`incident_id = ${filter.incidentId}`]),
    ...(filter.planId === undefined ? [] : [sql.fragment`plan_id = ${filter.planId}`]),
    ...(filter.kind === undefined ? [] : [sql.fragment`kind = ${filter.kind}`]),
  ];
  const rows = await db.any(sql.type(Row)`
    SELECT id AS seq, leaf, body FROM audit_entries WHERE ${sql.join(conditions, sql.fragment` AND `)} ORDER BY id LIMIT ${limit}
  `);
  return rows.map(parse);
}

/** Every matching entry, read page by page, so that memory stays bounded. */
export async function* streamAudit(db: Db, filter: AuditFilter, after = 0, page = 500): AsyncGenerator<AuditEntry> {
  let last = after;
  for (;;) {
    const entries = await listAudit(db, filter, last, page);
    yield* entries;
    const end = entries.at(-1);
    if (end === undefined || entries.length < page) return;
    last = end.seq;
  }
}
