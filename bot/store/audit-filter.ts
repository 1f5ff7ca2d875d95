import { timeOfUuidv7 } from './id.ts';
import { sql } from './sql.ts';

/** Absent: whatever it is. */
export interface AuditFilter {
  /** Of the decision: `body.id`. */
  readonly id?: string | undefined;
  /** `person:alice`, or an id alone for every kind of actor. */
  readonly actor?: string | undefined;
  /** e.g. `plan.approved`; `plan.*` for all of a group. */
  readonly kind?: string | undefined;
  /** RFC 3339: from the first, before the second. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly incidentId?: string | undefined;
  readonly planId?: string | undefined;
  readonly operation?: string | undefined;
  readonly verdict?: string | undefined;
}

/** A field of `data` without an index: the exact bytes first, since few entries have them, and only then the JSON. */
function dataIs(field: 'operation' | 'verdict', value: string) {
  const bytes = Buffer.from(`${JSON.stringify(field)}:${JSON.stringify(value)}`, 'utf8');
  return sql.fragment`CASE WHEN position(${sql.binary(bytes)} IN e.body) > 0
    THEN convert_from(e.body, 'UTF8')::jsonb -> 'data' ->> ${field} = ${value} ELSE false END`;
}

/** An id and its entry are of the same instant (bot/store/record.ts), by which entries can be found. */
function idIs(id: string) {
  const at = timeOfUuidv7(id);
  // What Postgres takes for a time: four digits of year.
  if (at === null || at.getUTCFullYear() > 9999) return sql.fragment`false`;
  return sql.fragment`(e.at = ${at.toISOString()} AND convert_from(e.body, 'UTF8')::jsonb ->> 'id' = ${id})`;
}

type Column = ReturnType<typeof sql.fragment>;

/** Where what is searched by stands: in the entry itself, or in the row of `audit_search` of its place. */
interface Columns {
  readonly at: Column;
  readonly kind: Column;
  readonly actor: Column;
  readonly field: typeof dataIs;
}

/** Of entries without a place there are few, all at the end: the time is no way to them, and the sum keeps its index out of it. */
const ofEntry: Columns = {
  at: sql.fragment`(e.at + interval '0')`,
  kind: sql.fragment`e.kind`,
  actor: sql.fragment`e.actor`,
  field: dataIs,
};

const ofPlace: Columns = {
  at: sql.fragment`f.at`,
  kind: sql.fragment`f.kind`,
  actor: sql.fragment`f.actor`,
  field: (field, value) => (field === 'operation' ? sql.fragment`f.operation = ${value}` : sql.fragment`f.verdict = ${value}`),
};

function kindIs(column: Column, kind: string) {
  if (!kind.endsWith('.*')) return sql.fragment`${column} = ${kind}`;
  return sql.fragment`starts_with(${column}, ${kind.slice(0, -1)})`;
}

function actorIs(column: Column, actor: string) {
  if (actor.includes(':')) return sql.fragment`${column} = ${actor}`;
  return sql.fragment`${column} = ANY(${sql.array([`person:${actor}`, `system:${actor}`, `service_token:${actor}`], 'text')})`;
}

function all(parts: readonly Column[]) {
  return parts.length === 0 ? sql.fragment`true` : sql.join(parts, sql.fragment` AND `);
}

/** What is in columns of the entry with indexes of their own. */
function ids({ id, incidentId, planId }: AuditFilter): readonly Column[] {
  return [
    ...(id === undefined ? [] : [idIs(id)]),
    ...(incidentId === undefined ? [] : [sql.fragment`e.incident_id = ${incidentId}`]),
    ...(planId === undefined ? [] : [sql.fragment`e.plan_id = ${planId}`]),
  ];
}

function words(columns: Columns, { actor, kind, from, to, operation, verdict }: AuditFilter): readonly Column[] {
  return [
    ...(actor === undefined ? [] : [actorIs(columns.actor, actor)]),
    ...(kind === undefined ? [] : [kindIs(columns.kind, kind)]),
    ...(from === undefined ? [] : [sql.fragment`${columns.at} >= ${from}`]),
    ...(to === undefined ? [] : [sql.fragment`${columns.at} < ${to}`]),
    ...(operation === undefined ? [] : [columns.field('operation', operation)]),
    ...(verdict === undefined ? [] : [columns.field('verdict', verdict)]),
  ];
}

/** What an entry `e` must be, by itself. */
export function conditionOf(filter: AuditFilter) {
  return all([...ids(filter), ...words(ofEntry, filter)]);
}

/** The same of an entry `e` with a place; `searched`: by the row `f` of `audit_search` of that place. */
export function placedConditionOf(filter: AuditFilter): { readonly searched: boolean; readonly condition: ReturnType<typeof all> } {
  const found = words(ofPlace, filter);
  return { searched: found.length > 0, condition: all([...ids(filter), ...found]) };
}
