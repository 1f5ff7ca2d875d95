import type { DatabasePool } from 'slonik';
import { z } from 'zod';
import type { Redactor } from '../../tools/ports.ts';
import { Memory, type Similar } from '../../workflows/contracts/memory.ts';
import type { MemoryStore } from '../../workflows/ports.ts';
import type { Actor } from './audit.ts';
import { NotFound } from './errors.ts';
import { inTransaction } from './pool.ts';
import { type Recorder, system } from './record.ts';
import { clean, type Db, sql, type Tx } from './sql.ts';

interface Context {
  readonly record: Recorder;
  readonly redact: Redactor;
  readonly now: () => Date;
}

const columns = sql.fragment`m.incident_id AS "incidentId", m.title, m.service, m.site, m.causes, m.entities, m.cause, m.fix, m.operations,
  m.outcome, m.at`;

export const KeptMemory = Memory.extend({
  /** Null: it counts. */
  retracted: z.object({ at: z.string(), by: z.string(), because: z.string() }).nullable(),
});
export type KeptMemory = z.infer<typeof KeptMemory>;

const KeptRow = Memory.extend({ retractedAt: z.string().nullable(), retractedBy: z.string().nullable(), because: z.string().nullable() });
const keptColumns = sql.fragment`${columns}, m.retracted_at AS "retractedAt", m.retracted_by AS "retractedBy", m.retracted_because AS because`;

function kept({ retractedAt, retractedBy, because, ...memory }: z.infer<typeof KeptRow>): KeptMemory {
  const retracted = retractedAt === null ? null : { at: retractedAt, by: retractedBy ?? '', because: because ?? '' };
  return { ...memory, retracted };
}

const since = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const words = (values: readonly string[]) => sql.array([...values], 'text');

/** What is older than configuration wants goes at the same time. One that was retracted stays so. */
async function remember(tx: Tx, { record, redact, now }: Context, memory: Memory, days: number): Promise<void> {
  await tx.query(sql.typeAlias('none')`DELETE FROM incident_memories WHERE at < ${since(now(), days)}`);
  if (days === 0) return;
  const [title, cause, fix] = [memory.title, memory.cause, memory.fix].map((text) => String(clean(redact.text(text).text)));
  const { incidentId, service, site, causes, entities, operations, outcome, at } = memory;
  const written = await tx.maybeOne(sql.type(z.object({ id: z.string() }))`
    INSERT INTO incident_memories AS m (incident_id, title, service, site, causes, entities, cause, fix, operations, outcome, at)
    VALUES (${incidentId}, ${title ?? ''}, ${service}, ${site}, ${words(causes)}, ${words(entities)}, ${cause ?? ''}, ${fix ?? ''},
      ${words(operations)}, ${outcome}, ${at})
    ON CONFLICT (incident_id) DO UPDATE SET title = excluded.title, causes = excluded.causes, entities = excluded.entities,
      cause = excluded.cause, fix = excluded.fix, operations = excluded.operations, outcome = excluded.outcome, at = excluded.at
    WHERE m.at <> excluded.at
    RETURNING incident_id AS id
  `);
  if (written === null) return;
  await record(tx, { kind: 'memory.kept', actor: system, incidentId, ids: { outcome, causes: causes.join(' ') }, words: { cause, fix } });
}

const SimilarRow = Memory.extend({ shared: z.boolean(), entity: z.boolean(), named: z.boolean(), spoken: z.boolean() });

function similarOf({ shared, entity, named, spoken, ...memory }: z.infer<typeof SimilarRow>): Similar {
  const because = [
    shared && ('same cause' as const),
    entity && ('same entity' as const),
    named && ('same service' as const),
    spoken && ('similar words' as const),
  ];
  return { ...memory, because: because.filter((one) => one !== false) };
}

/** Shown beside an incident. */
const mostSimilar = 3;

/**
 * By what both have in common: causes and names that analyzers gave, then words. Only what ended before the incident was opened, so that
 * what is shown stays the same while people look; what was retracted since is gone.
 */
async function similar(db: Db, now: Date, incidentId: string, days: number): Promise<readonly Similar[]> {
  if (days === 0) return [];
  const rows = await db.any(sql.type(SimilarRow)`
    WITH present AS (
      SELECT i.id, i.service, i.created_at,
        coalesce(array_agg(f.body ->> 'cause') FILTER (WHERE f.id IS NOT NULL), '{}') AS causes,
        coalesce(array_agg(concat_ws('/', f.body #>> '{entity,site}', coalesce(f.body #>> '{entity,namespace}', ''), f.body #>> '{entity,name}'))
          FILTER (WHERE f.id IS NOT NULL), '{}') AS entities,
        nullif(replace(plainto_tsquery('simple', left(i.title, 300))::text, ' & ', ' | '), '')::tsquery AS asked
      FROM incidents i LEFT JOIN findings f ON f.incident_id = i.id
      WHERE i.id = ${incidentId} GROUP BY i.id
    ), scored AS (
      SELECT m.*, m.causes && p.causes AS shared, m.entities && p.entities AS entity,
        coalesce(m.service = p.service, false) AS named, coalesce(ts_rank_cd(m.words, p.asked), 0) AS rank
      FROM incident_memories m, present p
      WHERE m.incident_id <> p.id AND m.retracted_at IS NULL AND m.at <= p.created_at AND m.at >= ${since(now, days)}
        AND (m.causes && p.causes OR m.words @@ p.asked)
    )
    SELECT ${columns}, shared, entity, named, rank > 0 AS spoken FROM scored m
    WHERE shared OR ((entity OR named) AND rank > 0)
    ORDER BY shared::int * 4 + entity::int * 2 + named::int * 2 + least(rank, 1) DESC, at DESC, incident_id LIMIT ${mostSimilar}
  `);
  return rows.map(similarOf);
}

async function retract(tx: Tx, { record, redact, now }: Context, incidentId: string, actor: Actor, because: string): Promise<KeptMemory> {
  const reason = String(clean(redact.text(because).text));
  const changed = await tx.maybeOne(sql.type(KeptRow)`
    UPDATE incident_memories m SET retracted_at = ${now().toISOString()}, retracted_by = ${actor.id}, retracted_because = ${reason}
    WHERE incident_id = ${incidentId} AND retracted_at IS NULL RETURNING ${keptColumns}
  `);
  if (changed === null) {
    const there = await tx.maybeOne(sql.type(KeptRow)`SELECT ${keptColumns} FROM incident_memories m WHERE incident_id = ${incidentId}`);
    if (there === null) throw new NotFound('memory', incidentId);
    return kept(there);
  }
  await record(tx, { kind: 'memory.retracted', actor, incidentId, words: { because: reason } });
  return kept(changed);
}

/** `days`: how long they are kept; 0: not at all. */
export function createMemoryStore(pool: DatabasePool, context: Context, days: number) {
  return {
    remember: (memory: Memory) => inTransaction(pool, (tx) => remember(tx, context, memory, days)),
    similar: (incidentId: string) => similar(pool, context.now(), incidentId, days),
    /** Newest first, with those that were retracted. */
    async list(limit: number, before: string | null): Promise<readonly KeptMemory[]> {
      const rows = await pool.any(sql.type(KeptRow)`
        SELECT ${keptColumns} FROM incident_memories m
        WHERE m.at >= ${since(context.now(), days)}
          AND (${before}::text IS NULL OR (m.at, m.incident_id) < (SELECT c.at, c.incident_id FROM incident_memories c WHERE c.incident_id = ${before}))
        ORDER BY m.at DESC, m.incident_id DESC LIMIT ${limit}
      `);
      return rows.map(kept);
    },
    /** Idempotent: the first reason stays. Throws NotFound. */
    retract: (incidentId: string, actor: Actor, because: string) =>
      inTransaction(pool, (tx) => retract(tx, context, incidentId, actor, because)),
  } satisfies MemoryStore & Record<string, unknown>;
}
export type Memories = ReturnType<typeof createMemoryStore>;
