import { z } from 'zod';
import { CheckpointsAnswer, ProofAnswer } from '../../api/audit-shapes.ts';
import { Problem } from '../../api/problem.ts';
import type { AuditFilter } from '../../store/audit-filter.ts';
import { auditBefore, readEntry, type StoredEntry, storedAt, storedOf } from '../../store/audit-list.ts';
import type { Store } from '../../store/store.ts';
import type { View } from '../layout.ts';
import type { Site } from '../site.ts';
import { type AuditQuery, auditFields, auditView } from '../views/audit.ts';
import { entryView } from '../views/audit-entry.ts';
import type { Visit } from '../visit.ts';

const pageSize = 50;

const Text = z.string().trim().max(200).catch('').default('');
const Query = z.object(Object.fromEntries([...auditFields, 'before'].map((name) => [name, Text])) as Record<keyof AuditQuery, typeof Text>);
const Row = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** `2026-01-31T10:00` from the browser, or an RFC 3339 instant; the time zone is UTC unless it says another one. Null: neither. */
function instant(text: string): string | null | undefined {
  if (text === '') return undefined;
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

function filterOf({ actor, kind, from, to, incident, plan, operation, verdict }: AuditQuery): AuditFilter | null {
  const [since, until] = [instant(from), instant(to)];
  if (since === null || until === null) return null;
  const given = { actor, kind, incidentId: incident, planId: plan, operation, verdict };
  const words = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  return { ...words, from: since, to: until };
}

const badTime = 'A time has to look like 2026-01-31T10:00.';

async function list({ reads }: Store, query: AuditQuery): Promise<View> {
  const filter = filterOf(query);
  if (filter === null) return auditView({ entries: [], query, next: null, problem: badTime });
  const before = Row.safeParse(query.before).data ?? null;
  const entries = await auditBefore(reads.db, filter, before, pageSize);
  const last = entries.length === pageSize ? entries.at(-1) : undefined;
  return auditView({ entries, query, next: last === undefined ? null : String(last.entry), problem: null });
}

async function proofOf({ inside }: Visit, seq: number | null): Promise<ProofAnswer | null> {
  if (seq === null) return null;
  try {
    return await inside.get(`/audit/entries/${seq}/proof`, ProofAnswer);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

async function one(visit: Visit, stored: StoredEntry | null, which: string): Promise<View> {
  if (stored === null) throw new Problem(404, 'not_found', `The log has no entry ${which}.`);
  const entry = readEntry(stored);
  if (entry === null)
    throw new Problem(
      409,
      'entry_gone',
      `The entry ${which} is gone from the database, or is none any more: somebody has been at it. Run: watchkeeper audit verify`,
    );
  const [proof, { keys }] = await Promise.all([
    proofOf(visit, stored.seq),
    visit.inside.get('/audit/checkpoints', CheckpointsAnswer, { limit: 1 }),
  ]);
  return entryView({ entry, bytes: stored.body?.toString('utf8') ?? '', proof, keys });
}

export function auditPages(site: Site, store: Store): void {
  site.page('/audit', (_visit, request) => list(store, Query.parse(request.query)));
  site.page('/audit/entries/:seq', async (visit, { params }) => {
    const seq = Row.safeParse(params['seq']).data;
    return one(visit, seq === undefined ? null : await storedAt(store.reads.db, seq), params['seq'] ?? '');
  });
  site.page('/audit/entries/by-id/:id', async (visit, { params }) => {
    const id = z.uuidv7().safeParse(params['id']).data;
    return one(visit, id === undefined ? null : await storedOf(store.reads.db, id), params['id'] ?? '');
  });
}
