import type { z } from 'zod';
import type { DecisionAnswer } from '../api/routes/policy-decisions.ts';
import { lastAudit } from '../store/audit-list.ts';
import type { Store } from '../store/store.ts';

/** Entries that are looked through: as many as the answers of a page, and others of their time. */
const mostLooked = 500;

/** Milliseconds by which an entry may be older or younger than the answer that it records. */
const apartMs = 5_000;

type Decision = Pick<z.infer<typeof DecisionAnswer>, 'id' | 'at'>;

/** Entries of the audit log by the answers of policy that they record; those of votes and reads that were allowed have none. */
export async function proofsOfDecisions(
  { pool }: Pick<Store, 'pool'>,
  decisions: readonly Decision[],
  about: { readonly incident: string; readonly plan: string },
): Promise<ReadonlyMap<string, string>> {
  const times = decisions.map(({ at }) => Date.parse(at));
  if (times.length === 0) return new Map();
  const filter = {
    kind: 'policy.*',
    from: new Date(Math.min(...times) - apartMs).toISOString(),
    to: new Date(Math.max(...times) + apartMs).toISOString(),
    ...(about.incident === '' ? {} : { incidentId: about.incident }),
    ...(about.plan === '' ? {} : { planId: about.plan }),
  };
  const found = await lastAudit(pool, filter, mostLooked);
  return new Map(found.flatMap(({ body, data }) => (typeof data['decision'] === 'string' ? [[data['decision'], body.id] as const] : [])));
}
