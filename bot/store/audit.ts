import { z } from 'zod';
import { canonicalJson } from '../../tools/canonical.ts';
import type { Disclosure } from '../audit/commitment.ts';
import { sql, type Tx } from './sql.ts';

export const Actor = z.object({ kind: z.enum(['person', 'system', 'service_token']), id: z.string() });
export type Actor = z.infer<typeof Actor>;

/** What is hashed. `data` holds ids and small values; since version 2, words are there as commitments (`bot/audit/commitment.ts`) or null. */
export const AuditBody = z.object({
  version: z.union([z.literal(1), z.literal(2)]),
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

/** By field of `data`. */
export type Disclosures = Readonly<Record<string, Disclosure>>;

/** Belongs into the transaction of the change that it records: when it fails, the change fails. The database makes the leaf hash. */
export async function appendAudit(tx: Tx, entry: AuditBody, disclosures: Disclosures = {}): Promise<void> {
  const { at, incidentId, planId, kind, actor } = entry;
  const body = Buffer.from(canonicalJson(entry), 'utf8');
  const words = Object.keys(disclosures).length === 0 ? null : canonicalJson(disclosures);
  await tx.query(sql.typeAlias('none')`
    CALL audit_append(${sql.binary(body)}, ${words}, ${at}, ${incidentId}, ${planId}, ${kind}, ${actor.kind}, ${actor.id})
  `);
}
