import type { ApiClient } from '../api/client.ts';
import { EntryAnswer, IncidentAnswer, PlanAnswer, page } from '../api/shapes.ts';
import { kindRow } from '../mirrors/kinds.ts';
import { lineOf } from '../mirrors/words.ts';
import { spoken } from '../store/audit-list.ts';

export interface Happened {
  readonly entry: EntryAnswer;
  /** Null: it is audited, and nobody has to be told. */
  readonly told: { readonly time: string; readonly headline: string; readonly rest: string } | null;
}

/** An incident as it stands, and what has happened since it was asked for the last time. */
export interface Look {
  readonly incident: IncidentAnswer;
  /** The newest one; null: there is none. */
  readonly plan: PlanAnswer | null;
  readonly happened: readonly Happened[];
}

const pageSize = 200;

/** The words of an entry; a person reads them, so nothing has to be masked again: the server keeps them redacted. */
function toldOf({ body, disclosures }: EntryAnswer): Happened['told'] {
  if (body === null) return null;
  const row = kindRow(body.kind);
  if (row === undefined || (row.agent === undefined && (row.linear === undefined || row.linear === 'quiet'))) return null;
  const { kind, at, actor, planId, data } = body;
  return lineOf({ kind, body: { at, actor, planId, data: spoken(data, disclosures) } }, (text) => text);
}

/** Asks again and again; each entry is answered once, whether it has its place already or not. */
export function createLooks(client: ApiClient, incidentId: string): () => Promise<Look> {
  const path = `/v1/incidents/${encodeURIComponent(incidentId)}`;
  const seen = new Set<string>();
  let last = 0;

  async function news(): Promise<EntryAnswer[]> {
    const fresh: EntryAnswer[] = [];
    for (let cursor: string | null = String(last); cursor !== null; ) {
      const query = new URLSearchParams({ cursor, limit: String(pageSize) });
      const answer: { items: EntryAnswer[]; next: string | null } = await client.request(
        'GET',
        `${path}/timeline?${query}`,
        page(EntryAnswer),
      );
      cursor = answer.next;
      // Those without a place come again until they have one.
      for (const entry of answer.items) {
        last = Math.max(last, entry.seq ?? 0);
        if (!seen.has(entry.leaf)) fresh.push(entry);
        seen.add(entry.leaf);
      }
    }
    return fresh;
  }

  return async () => {
    const happened = (await news()).map((entry) => ({ entry, told: toldOf(entry) }));
    const incident = await client.request('GET', path, IncidentAnswer);
    const planId = incident.planIds.at(-1);
    const plan = planId === undefined ? null : await client.request('GET', `/v1/plans/${encodeURIComponent(planId)}`, PlanAnswer);
    return { incident, plan, happened };
  };
}
