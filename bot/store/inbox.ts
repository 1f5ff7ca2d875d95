import { z } from 'zod';
import type { Redactor } from '../../tools/ports.ts';
import { AlertGroup } from '../alertmanager/group.ts';
import { PageEvent } from '../pagerduty/event.ts';
import type { InboxEvent } from '../ports.ts';
import { traceparent } from '../telemetry/trace.ts';
import { type Db, json, sql, type Tx } from './sql.ts';

const Origin = z.object({ team: z.string(), channel: z.string(), user: z.string(), ts: z.string(), threadTs: z.string().nullable() });

const Body: z.ZodType<InboxEvent> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('slack.mention'), dedupeKey: z.string(), origin: Origin, text: z.string(), direct: z.boolean() }),
  z.object({ kind: z.literal('slack.investigate'), dedupeKey: z.string(), origin: Origin, text: z.string() }),
  z.object({ kind: z.literal('linear.labels'), dedupeKey: z.string(), issueId: z.string() }),
  z.object({
    kind: z.literal('linear.session'),
    dedupeKey: z.string(),
    sessionId: z.string(),
    issueId: z.string().nullable(),
    creator: z.string().nullable(),
    text: z.string(),
  }),
  z.object({
    kind: z.literal('linear.prompt'),
    dedupeKey: z.string(),
    sessionId: z.string(),
    user: z.string().nullable(),
    stop: z.boolean(),
  }),
  z.object({ kind: z.literal('api.incident'), dedupeKey: z.string(), incidentId: z.string() }),
  z.object({ kind: z.literal('pagerduty.event'), dedupeKey: z.string(), deliveryId: z.string(), event: PageEvent }),
  z.object({ kind: z.literal('alertmanager.group'), dedupeKey: z.string(), tokenId: z.string(), group: AlertGroup }),
  z.object({ kind: z.literal('alerts.opened'), dedupeKey: z.string(), incidentId: z.string(), again: z.boolean() }),
  z.object({ kind: z.literal('alerts.board'), dedupeKey: z.string(), incidentId: z.string() }),
  z.object({ kind: z.literal('wake'), dedupeKey: z.string(), incidentId: z.string(), reason: z.enum(['vote', 'cancel', 'message']) }),
]);

const Row = z.object({ id: z.number(), event: Body, traceparent: z.string().nullable(), attempts: z.number(), receivedAt: z.string() });
export type LeasedEvent = z.infer<typeof Row>;

/** Text from outside is redacted; identifiers stay as they are, so that what belongs together can be told. */
function presentable(event: InboxEvent, redact: Redactor): InboxEvent {
  const words = (text: string) => redact.text(text).text;
  switch (event.kind) {
    case 'slack.mention':
    case 'slack.investigate':
      return { ...event, text: words(event.text) };
    case 'pagerduty.event': {
      const { incident, detail } = event.event;
      const known = (text: string | null) => (text === null ? null : words(text));
      const subject = { ...incident, title: known(incident.title), key: known(incident.key) };
      return { ...event, event: { ...event.event, incident: subject, detail: words(detail) } };
    }
    case 'alertmanager.group': {
      const labels = (given: Record<string, string>) => z.record(z.string(), z.string()).parse(redact.value(given).value);
      const alerts = event.group.alerts.map((alert) => ({
        ...alert,
        labels: labels(alert.labels),
        annotations: labels(alert.annotations),
        generatorURL: words(alert.generatorURL),
      }));
      return { ...event, group: { ...event.group, alerts } };
    }
    default:
      return event;
  }
}

/** Stores an event once per source and key: true when it is new. It is due after `delaySeconds`. */
export async function insertEvent(tx: Db | Tx, event: InboxEvent, redact: Redactor, delaySeconds = 0): Promise<boolean> {
  const source = event.kind.split('.')[0] ?? event.kind;
  const delivery = 'deliveryId' in event ? event.deliveryId : null;
  const row = await tx.maybeOne(sql.type(z.object({ id: z.number() }))`
    INSERT INTO inbox (source, dedupe_key, delivery_id, body, traceparent, next_at)
    VALUES (${source}, ${event.dedupeKey}, ${delivery}, ${json(presentable(event, redact))}::jsonb, ${traceparent()},
      now() + make_interval(secs => ${delaySeconds}))
    ON CONFLICT DO NOTHING RETURNING id
  `);
  return row !== null;
}

/** Takes up to `limit` open events for `seconds`: the oldest first, and what people did before what machines report. What is not handled by then is leased again. */
export async function leaseEvents(db: Db, limit: number, seconds: number): Promise<readonly LeasedEvent[]> {
  const rows = await db.any(sql.type(Row)`
    UPDATE inbox SET lease_until = now() + make_interval(secs => ${seconds}), attempts = attempts + 1
    WHERE id IN (
      SELECT id FROM inbox
      WHERE handled_at IS NULL AND next_at <= now() AND (lease_until IS NULL OR lease_until <= now())
      ORDER BY source IN ('pagerduty', 'alertmanager'), id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING id, body AS event, traceparent, attempts, received_at AS "receivedAt"
  `);
  return rows.toSorted((a, b) => a.id - b.id);
}

export async function eventHandled(db: Db, id: number): Promise<void> {
  await db.query(
    sql.typeAlias(
      'none',
    )`UPDATE inbox SET handled_at = now(), lease_until = NULL, last_error = NULL WHERE id = ${id} AND handled_at IS NULL`,
  );
}

/** To be tried again from `nextAt` on. `error` must be redacted. */
export async function eventFailed(db: Db, id: number, error: string, nextAt: Date): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE inbox SET next_at = ${nextAt.toISOString()}, lease_until = NULL, last_error = ${error.slice(0, 1000)} WHERE id = ${id} AND handled_at IS NULL
  `);
}

/** When the next open event is due; null when none is open. */
export function eventsNextAt(db: Db): Promise<string | null> {
  return db.oneFirst(sql.type(z.object({ at: z.string().nullable() }))`
    SELECT min(greatest(next_at, coalesce(lease_until, next_at))) AS at FROM inbox WHERE handled_at IS NULL
  `);
}
