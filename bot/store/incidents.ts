import { z } from 'zod';
import { SiteName } from '../../tools/contract.ts';
import type { Redactor } from '../../tools/ports.ts';
import { Incident, IncidentSource, IncidentState, Outcome, type SlackThread } from '../../workflows/contracts/incident.ts';
import type { Actor } from './audit.ts';
import { InvalidTransition, NotFound } from './errors.ts';
import { uuidv7 } from './id.ts';
import type { Recorder } from './record.ts';
import { clean, type Db, sql, type Tx } from './sql.ts';

const Row = z.object({
  id: z.string(),
  key: z.string(),
  title: z.string(),
  body: z.string(),
  source: IncidentSource,
  service: z.string().nullable(),
  site: SiteName.nullable(),
  state: IncidentState,
  outcome: Outcome.nullable(),
  requester: z.string().nullable(),
  co_requesters: z.array(z.string()),
  slack_team: z.string().nullable(),
  slack_channel: z.string().nullable(),
  slack_thread_ts: z.string().nullable(),
  created_at: z.string(),
  closed_at: z.string().nullable(),
});

const columns = sql.fragment`id, key, title, body, source, service, site, state, outcome, requester, co_requesters, slack_team, slack_channel, slack_thread_ts, created_at, closed_at`;

export interface NewIncident {
  /** Deduplication key; generated from the id when absent. */
  readonly key?: string;
  readonly title: string;
  readonly text: string;
  readonly source: Incident['source'];
  readonly service: string | null;
  readonly site: string | null;
  readonly requester: string | null;
  readonly coRequesters?: readonly string[];
  readonly slack?: SlackThread | null;
}

export interface IncidentContext {
  readonly record: Recorder;
  readonly redact: Redactor;
  readonly now: () => Date;
}

function toIncident(row: z.infer<typeof Row>): Incident {
  const { body, co_requesters, slack_team: team, slack_channel: channel, slack_thread_ts: threadTs, created_at, closed_at, ...rest } = row;
  const slack = team !== null && channel !== null && threadTs !== null ? { team, channel, threadTs } : null;
  return Incident.parse({ ...rest, coRequesters: co_requesters, text: body, slack, createdAt: created_at, closedAt: closed_at });
}

/** Throws NotFound. */
export async function getIncident(db: Db, id: string): Promise<Incident> {
  const row = await db.maybeOne(sql.type(Row)`SELECT ${columns} FROM incidents WHERE id = ${id}`);
  if (row === null) throw new NotFound('incident', id);
  return toIncident(row);
}

/** As `getIncident`, and keeps others from changing it until the transaction ends. */
export async function lockIncident(tx: Tx, id: string): Promise<Incident> {
  const row = await tx.maybeOne(sql.type(Row)`SELECT ${columns} FROM incidents WHERE id = ${id} FOR UPDATE`);
  if (row === null) throw new NotFound('incident', id);
  return toIncident(row);
}

/** Whether there is one of that id. */
export function incidentExists(db: Db, id: string): Promise<boolean> {
  return db.exists(sql.typeAlias('id')`SELECT id FROM incidents WHERE id = ${id}`);
}

export async function incidentByKey(db: Db, key: string): Promise<Incident | null> {
  const row = await db.maybeOne(sql.type(Row)`SELECT ${columns} FROM incidents WHERE key = ${key}`);
  return row === null ? null : toIncident(row);
}

export async function incidentByThread(db: Db, thread: SlackThread): Promise<Incident | null> {
  const row = await db.maybeOne(sql.type(Row)`
    SELECT ${columns} FROM incidents
    WHERE slack_team = ${thread.team} AND slack_channel = ${thread.channel} AND slack_thread_ts = ${thread.threadTs}
  `);
  return row === null ? null : toIncident(row);
}

/** Absent: whatever it is. `text`: a part of the title, upper or lower case alike. `from` and `to`: RFC 3339, from the first, before the second. */
export interface IncidentFilter {
  readonly state?: IncidentState | 'open' | undefined;
  readonly outcome?: Outcome | undefined;
  readonly source?: Incident['source'] | undefined;
  readonly service?: string | undefined;
  readonly site?: string | undefined;
  readonly requester?: string | undefined;
  readonly text?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What an incident says of itself; one that says nothing, e.g. from a channel of no service, is about what its surest finding names. */
function about(column: 'service' | 'site', key: 'name' | 'site', value: string) {
  return sql.fragment`coalesce(${sql.identifier([column])}, (
    SELECT f.body -> 'entity' ->> ${key} FROM findings f WHERE f.incident_id = incidents.id
    ORDER BY (f.body ->> 'confidence')::float DESC, f.position LIMIT 1
  )) = ${value}`;
}

function conditionOf({ state, text, from, to, service, site, ...equal }: IncidentFilter) {
  const parts = [
    ...(service === undefined ? [] : [about('service', 'name', service)]),
    ...(site === undefined ? [] : [about('site', 'site', site)]),
    ...(state === undefined ? [] : [state === 'open' ? sql.fragment`state <> 'closed'` : sql.fragment`state = ${state}`]),
    ...(text === undefined ? [] : [sql.fragment`position(lower(${String(clean(text))}) IN lower(title)) > 0`]),
    ...(from === undefined ? [] : [sql.fragment`created_at >= ${from}`]),
    ...(to === undefined ? [] : [sql.fragment`created_at < ${to}`]),
    ...Object.entries(equal).flatMap(([column, value]) =>
      value === undefined ? [] : [sql.fragment`${sql.identifier([column])} = ${value}`],
    ),
  ];
  return parts.length === 0 ? sql.fragment`true` : sql.join(parts, sql.fragment` AND `);
}

/** Newest first, from after the incident `after`. An unknown one answers an empty page. */
export async function listIncidents(
  db: Db,
  after: string | null,
  limit: number,
  filter: IncidentFilter = {},
): Promise<readonly Incident[]> {
  const rows = await db.any(sql.type(Row)`
    SELECT ${columns} FROM incidents
    WHERE (${after}::text IS NULL OR (created_at, id) < (SELECT c.created_at, c.id FROM incidents c WHERE c.id = ${after}))
      AND ${conditionOf(filter)}
    ORDER BY created_at DESC, id DESC LIMIT ${limit}
  `);
  return rows.map(toIncident);
}

/** Ids of incidents that are not closed, e.g. to make sure after a start that each has its workflow. */
export function openIncidentIds(db: Db): Promise<readonly string[]> {
  return db.anyFirst(sql.typeAlias('id')`SELECT id FROM incidents WHERE state <> 'closed' ORDER BY created_at`);
}

/** One incident per key and per Slack thread: `created` is false when it was there. Title and text are redacted first. */
export async function openIncident(
  tx: Tx,
  context: IncidentContext,
  request: NewIncident,
  actor: Actor,
): Promise<{ incident: Incident; created: boolean }> {
  const now = context.now();
  const id = uuidv7(now);
  const key = request.key ?? id;
  const slack = request.slack ?? null;
  const words = (text: string) => clean(context.redact.text(text).text);
  const row = await tx.maybeOne(sql.type(Row)`
    INSERT INTO incidents (id, key, title, body, source, service, site, requester, co_requesters, slack_team, slack_channel, slack_thread_ts, created_at)
    VALUES (${id}, ${key}, ${words(request.title)}, ${words(request.text)}, ${request.source}, ${request.service}, ${request.site},
      ${request.requester}, ${sql.array([...(request.coRequesters ?? [])], 'text')}, ${slack?.team ?? null}, ${slack?.channel ?? null}, ${slack?.threadTs ?? null}, ${now.toISOString()})
    ON CONFLICT DO NOTHING RETURNING ${columns}
  `);
  if (row === null) {
    const there = (await incidentByKey(tx, key)) ?? (slack === null ? null : await incidentByThread(tx, slack));
    if (there === null) throw new NotFound('incident', key);
    return { incident: there, created: false };
  }
  const { title, service, site, source, requester } = row;
  await context.record(tx, {
    kind: 'incident.opened',
    actor,
    incidentId: id,
    ids: { key, source, requester },
    words: { title, service, site },
  });
  return { incident: toIncident(row), created: true };
}

/** From here on these people count as requesters too. Idempotent. */
export async function addRequesters(db: Db, id: string, people: readonly string[]): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE incidents SET co_requesters = ARRAY(SELECT DISTINCT unnest(co_requesters || ${sql.array([...people], 'text')}) ORDER BY 1) WHERE id = ${id}
  `);
}

/** Throws InvalidTransition when it is closed; a repeated state changes and records nothing. */
export async function transitionIncident(
  tx: Tx,
  context: IncidentContext,
  id: string,
  state: Exclude<IncidentState, 'closed'>,
  actor: Actor,
): Promise<void> {
  const incident = await lockIncident(tx, id);
  if (incident.state === state) return;
  if (incident.state === 'closed') throw new InvalidTransition(`incident ${id} is closed: it cannot become ${state}`);
  await tx.query(sql.typeAlias('none')`UPDATE incidents SET state = ${state} WHERE id = ${id}`);
  await context.record(tx, { kind: `incident.${state}`, actor, incidentId: id, ids: { from: incident.state } });
}

/** The first outcome stays. */
export async function closeIncident(
  tx: Tx,
  context: IncidentContext,
  id: string,
  outcome: Outcome,
  summary: string,
  actor: Actor,
): Promise<Incident> {
  const incident = await lockIncident(tx, id);
  if (incident.state === 'closed') return incident;
  const words = String(clean(context.redact.text(summary).text));
  const row = await tx.one(sql.type(Row)`
    UPDATE incidents SET state = 'closed', outcome = ${outcome}, summary = ${words}, closed_at = ${context.now().toISOString()}
    WHERE id = ${id} RETURNING ${columns}
  `);
  await context.record(tx, { kind: 'incident.closed', actor, incidentId: id, ids: { outcome }, words: { summary: words } });
  return toIncident(row);
}

/** The only way out of `closed`. False when it is open. */
export async function reopenIncident(tx: Tx, context: IncidentContext, id: string, actor: Actor): Promise<boolean> {
  const incident = await lockIncident(tx, id);
  if (incident.state !== 'closed') return false;
  await tx.query(sql.typeAlias('none')`
    UPDATE incidents SET state = 'queued', outcome = NULL, summary = NULL, closed_at = NULL, cancel_requested_at = NULL, cancel_requested_by = NULL WHERE id = ${id}
  `);
  await context.record(tx, { kind: 'incident.reopened', actor, incidentId: id, ids: { outcome: incident.outcome } });
  return true;
}

/** Notes that somebody asked for it; the workflow does it. False when the incident is closed; a repeated request is true and records nothing. */
export async function requestCancel(tx: Tx, context: IncidentContext, id: string, actor: Actor): Promise<boolean> {
  const incident = await lockIncident(tx, id);
  if (incident.state === 'closed') return false;
  const first = await tx.maybeOne(sql.typeAlias('id')`
    UPDATE incidents SET cancel_requested_at = ${context.now().toISOString()}, cancel_requested_by = ${`${actor.kind}:${actor.id}`}
    WHERE id = ${id} AND cancel_requested_at IS NULL RETURNING id
  `);
  if (first !== null) await context.record(tx, { kind: 'incident.cancel_requested', actor, incidentId: id });
  return true;
}

/** Who asked for the cancellation (`person:alice`); null when nobody did. Throws NotFound. */
export async function cancelRequestedBy(db: Db, id: string): Promise<string | null> {
  const row = await db.maybeOne(
    sql.type(z.object({ by: z.string().nullable() }))`SELECT cancel_requested_by AS by FROM incidents WHERE id = ${id}`,
  );
  if (row === null) throw new NotFound('incident', id);
  return row.by;
}

/** Idempotent for the same thread. Throws InvalidTransition when the incident has another one. */
export async function setIncidentThread(tx: Tx, context: IncidentContext, id: string, thread: SlackThread, actor: Actor): Promise<void> {
  const incident = await lockIncident(tx, id);
  if (incident.slack !== null) {
    const same =
      incident.slack.team === thread.team && incident.slack.channel === thread.channel && incident.slack.threadTs === thread.threadTs;
    if (same) return;
    throw new InvalidTransition(`incident ${id} has a Slack thread already`);
  }
  await tx.query(sql.typeAlias('none')`
    UPDATE incidents SET slack_team = ${thread.team}, slack_channel = ${thread.channel}, slack_thread_ts = ${thread.threadTs} WHERE id = ${id}
  `);
  await context.record(tx, { kind: 'incident.thread_set', actor, incidentId: id, ids: { ...thread } });
}

export function incidentSummary(db: Db, id: string): Promise<string | null> {
  return db.maybeOneFirst(sql.type(z.object({ summary: z.string().nullable() }))`SELECT summary FROM incidents WHERE id = ${id}`);
}
