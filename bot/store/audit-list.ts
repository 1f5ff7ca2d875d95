import { z } from 'zod';
import { Disclosure } from '../audit/commitment.ts';
import { AuditBody, type Disclosures } from './audit.ts';
import { type AuditFilter, conditionOf, placedConditionOf } from './audit-filter.ts';
import { placesBefore, sequenceHead } from './audit-sequence.ts';
import { type Db, sql } from './sql.ts';

/** A stored entry. */
export interface AuditEntry {
  /** Place in the log, from 1 without a gap; null until the sequencer has given it one. */
  readonly seq: number | null;
  /** Number of the row: with gaps, and in the order of writing only. For cursors. */
  readonly entry: number;
  /** SHA-256(0x00 ‖ RFC 8785 form of `body`) in hexadecimal. */
  readonly leaf: string;
  readonly body: AuditBody;
  /** The words that `body` commits to, as long as they are not erased. */
  readonly disclosures: Disclosures;
  /** `body.data` with those words in place of their commitments. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where a list goes on: after the entry at a place (0: from the beginning), or after a row that had none. */
export type AuditPlace = number | { readonly entry: number };

/** As stored, unread. `body` and `entry` are null where the entry of a place is gone. */
export const StoredEntry = z.object({
  seq: z.number().nullable(),
  entry: z.number().nullable(),
  leaf: z.string(),
  body: z.instanceof(Buffer).nullable(),
  /** JSON: disclosures by field of `data`. Null: there are none. */
  words: z.string().nullable(),
});
export type StoredEntry = z.infer<typeof StoredEntry>;

const columns = sql.fragment`s.seq, e.id AS entry, encode(coalesce(substring(s.hashes FROM 1 FOR 32), e.leaf), 'hex') AS leaf, e.body, (
  SELECT d.words FROM audit_disclosures d WHERE d.entry_id = e.id
) AS words`;

type Order = 'ASC' | 'DESC';

function sequenced(db: Db, filter: AuditFilter, after: number, upTo: number, limit: number, order: Order) {
  const { searched, condition } = placedConditionOf(filter);
  const search = searched ? sql.fragment`JOIN audit_search f ON f.seq = s.seq AND f.seq > ${after} AND f.seq <= ${upTo}` : sql.fragment``;
  return db.any(sql.type(StoredEntry)`
    SELECT ${columns} FROM audit_sequence s ${search} LEFT JOIN audit_entries e ON e.id = s.entry_id
    WHERE s.seq > ${after} AND s.seq <= ${upTo} AND ${condition}
    ORDER BY s.seq ${order === 'ASC' ? sql.fragment`ASC` : sql.fragment`DESC`} LIMIT ${limit}
  `);
}

/** Places are given in the order of the rows, so these are behind the last one that has a place. */
function waiting(db: Db, filter: AuditFilter, after: number, limit: number, order: Order, before: number | null = null) {
  return db.any(sql.type(StoredEntry)`
    SELECT ${columns} FROM audit_entries e LEFT JOIN audit_sequence s ON s.entry_id = e.id
    WHERE e.id > ${after} AND (${before}::bigint IS NULL OR e.id < ${before}) AND ${conditionOf(filter)}
    ORDER BY e.id ${order === 'ASC' ? sql.fragment`ASC` : sql.fragment`DESC`} LIMIT ${limit}
  `);
}

/** As `listAudit`, unread. */
export async function listStored(db: Db, filter: AuditFilter, after: AuditPlace, limit: number): Promise<readonly StoredEntry[]> {
  if (typeof after !== 'number') return waiting(db, filter, after.entry, limit, 'ASC');
  const head = await sequenceHead(db);
  const found = await sequenced(db, filter, after, head.seq, limit, 'ASC');
  return found.length === limit ? found : [...found, ...(await waiting(db, filter, head.entry, limit - found.length, 'ASC'))];
}

/** `data` of a body with words in place of commitments. */
export function spoken(data: AuditBody['data'], disclosures: Disclosures): Record<string, unknown> {
  return { ...data, ...Object.fromEntries(Object.entries(disclosures).map(([field, { value }]) => [field, value])) };
}

/** Null for what is gone, or is no entry any more: somebody has been at the database. */
export function readEntry({ seq, entry, leaf, body, words }: StoredEntry): AuditEntry | null {
  if (body === null || entry === null) return null;
  try {
    const parsed = AuditBody.parse(JSON.parse(body.toString('utf8')));
    const disclosures = z.record(z.string(), Disclosure).parse(JSON.parse(words ?? '{}'));
    return { seq, entry, leaf, body: parsed, disclosures, data: spoken(parsed.data, disclosures) };
  } catch {
    return null;
  }
}

/**
 * Oldest first, at most `limit`: by place, then those that have none yet. What was committed before the first page is in exactly one
 * page, whether it gets its place in the meantime or not. What cannot be read any more is left out.
 */
export async function listAudit(db: Db, filter: AuditFilter, after: AuditPlace, limit: number): Promise<readonly AuditEntry[]> {
  return (await listStored(db, filter, after, limit)).flatMap((stored) => readEntry(stored) ?? []);
}

/** The last `limit`, oldest first. */
export async function lastAudit(db: Db, filter: AuditFilter, limit: number): Promise<readonly AuditEntry[]> {
  return (await auditBefore(db, filter, null, limit)).toReversed();
}

/** Newest first, those written before the row `before`; null: from the newest on. */
export async function auditBefore(db: Db, filter: AuditFilter, before: number | null, limit: number): Promise<readonly AuditEntry[]> {
  const head = await sequenceHead(db);
  const newest = await waiting(db, filter, head.entry, limit, 'DESC', before);
  if (newest.length === limit) return newest.flatMap((one) => readEntry(one) ?? []);
  const upTo = before === null || before > head.entry ? head.seq : await placesBefore(db, before);
  const older = await sequenced(db, filter, 0, upTo, limit - newest.length, 'DESC');
  return [...newest, ...older].flatMap((one) => readEntry(one) ?? []);
}

/** The entry at a place, unread; null: there is no such place. */
export async function storedAt(db: Db, seq: number): Promise<StoredEntry | null> {
  return db.maybeOne(sql.type(StoredEntry)`
    SELECT ${columns} FROM audit_sequence s LEFT JOIN audit_entries e ON e.id = s.entry_id WHERE s.seq = ${seq}
  `);
}

/** The entry of a decision, unread; null: there is none. */
export async function storedOf(db: Db, id: string): Promise<StoredEntry | null> {
  const [found = null] = await db.any(sql.type(StoredEntry)`
    SELECT ${columns} FROM audit_entries e LEFT JOIN audit_sequence s ON s.entry_id = e.id WHERE ${conditionOf({ id })} LIMIT 1
  `);
  return found;
}

/** Where a list goes on after an entry. */
export function placeOf({ seq, entry }: Pick<StoredEntry, 'seq' | 'entry'>): AuditPlace {
  return seq ?? { entry: entry ?? 0 };
}

/** Every matching entry, unread, page by page: memory stays bounded. */
export async function* streamStored(db: Db, filter: AuditFilter, after: AuditPlace = 0, page = 500): AsyncGenerator<StoredEntry> {
  for (let place = after; ; ) {
    const entries = await listStored(db, filter, place, page);
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < page) return;
    place = placeOf(last);
  }
}

/** As `listAudit`, all. */
export async function* streamAudit(db: Db, filter: AuditFilter, after: AuditPlace = 0, page = 500): AsyncGenerator<AuditEntry> {
  for await (const stored of streamStored(db, filter, after, page)) {
    const entry = readEntry(stored);
    if (entry !== null) yield entry;
  }
}
