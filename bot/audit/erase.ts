import type { DatabasePool } from 'slonik';
import type { Actor } from '../store/audit.ts';
import { type ErasedScope, eraseDisclosures } from '../store/audit-disclosures.ts';
import { inTransaction } from '../store/pool.ts';
import type { Recorder } from '../store/record.ts';

export interface Erasure {
  readonly scope: ErasedScope;
  readonly reason: string | null;
  readonly actor: Actor;
}

/** Takes words out of the log and says so in it, in one transaction. Nothing is recorded where there was nothing to erase. */
export function eraseWords(
  pool: DatabasePool,
  record: Recorder,
  { scope, reason, actor }: Erasure,
): Promise<{ entries: number; words: number }> {
  return inTransaction(pool, async (tx) => {
    const erased = await eraseDisclosures(tx, scope);
    if (erased.words === 0) return erased;
    const incidentId = 'incidentId' in scope ? scope.incidentId : null;
    const before = 'before' in scope ? scope.before.toISOString() : null;
    await record(tx, { kind: 'audit.erased', actor, incidentId, ids: { before, ...erased }, words: { reason } });
    return erased;
  });
}
