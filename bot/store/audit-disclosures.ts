import { z } from 'zod';
import { sql, type Tx } from './sql.ts';

/** Whose words: of one incident, or of all entries before a time. */
export type ErasedScope = { readonly incidentId: string } | { readonly before: Date };

const Erased = z.object({ entries: z.number(), words: z.number() });

/** Needs the owner's rights. The entries stay, and so do their hashes. */
export function eraseDisclosures(tx: Tx, scope: ErasedScope): Promise<z.infer<typeof Erased>> {
  const condition =
    'incidentId' in scope ? sql.fragment`e.incident_id = ${scope.incidentId}` : sql.fragment`e.at < ${scope.before.toISOString()}`;
  return tx.one(sql.type(Erased)`
    WITH gone AS (DELETE FROM audit_disclosures d USING audit_entries e WHERE e.id = d.entry_id AND ${condition} RETURNING d.words)
    SELECT count(*) AS entries, coalesce(sum((SELECT count(*) FROM json_object_keys(gone.words::json))), 0)::bigint AS words FROM gone
  `);
}
