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

function kindIs(kind: string) {
  if (!kind.endsWith('.*')) return sql.fragment`e.kind = ${kind}`;
  return sql.fragment`starts_with(e.kind, ${kind.slice(0, -1)})`;
}

function actorIs(actor: string) {
  if (actor.includes(':')) return sql.fragment`e.actor = ${actor}`;
  return sql.fragment`e.actor = ANY(${sql.array([`person:${actor}`, `system:${actor}`, `service_token:${actor}`], 'text')})`;
}

/** What an entry must be. */
export function conditionOf(filter: AuditFilter) {
  const { id, actor, kind, from, to, incidentId, planId, operation, verdict } = filter;
  const parts = [
    ...(id === undefined ? [] : [idIs(id)]),
    ...(actor === undefined ? [] : [actorIs(actor)]),
    ...(kind === undefined ? [] : [kindIs(kind)]),
    ...(from === undefined ? [] : [sql.fragment`e.at >= ${from}`]),
    ...(to === undefined ? [] : [sql.fragment`e.at < ${to}`]),
    ...(incidentId === undefined ? [] : [sql.fragment`e.incident_id = ${incidentId}`]),
    ...(planId === undefined ? [] : [sql.fragment`e.plan_id = ${planId}`]),
    ...(operation === undefined ? [] : [dataIs('operation', operation)]),
    ...(verdict === undefined ? [] : [dataIs('verdict', verdict)]),
  ];
  return parts.length === 0 ? sql.fragment`true` : sql.join(parts, sql.fragment` AND `);
}
