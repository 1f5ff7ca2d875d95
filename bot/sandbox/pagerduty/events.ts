import { z } from 'zod';
import type { Account } from './account.ts';
import type { Answer, Route } from './route.ts';
import { reference } from './shapes.ts';

const Link = z.object({ href: z.string(), text: z.string().optional() });
const Event = z.object({
  routing_key: z.string().length(32),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().max(255).optional(),
  payload: z
    .object({ summary: z.string().min(1).max(1024), source: z.string().min(1), severity: z.enum(['critical', 'error', 'warning', 'info']) })
    .loose()
    .optional(),
  links: z.array(Link).optional(),
});
const Change = z.object({
  routing_key: z.string().length(32),
  payload: z
    .object({
      summary: z.string().min(1).max(1024),
      timestamp: z.iso.datetime().optional(),
      source: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    })
    .loose(),
  links: z.array(Link).optional(),
});

function invalid(...errors: readonly string[]): Answer {
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
}

function problems(error: z.ZodError): readonly string[] {
  return error.issues.map((issue) => `'${issue.path.join('.')}' ${issue.message}`);
}

function process(account: Account, event: z.infer<typeof Event>): Answer {
  const key = event.dedup_key ?? account.newId().toLowerCase();
  const done = (effect?: string): Answer => ({
    status: 202,
    body: { status: 'success', message: 'Event processed', dedup_key: key },
    ...(effect === undefined ? {} : { effect }),
  });
  if (event.event_action === 'trigger') {
    const service = account.services[0];
    if (event.payload === undefined || service === undefined) return invalid("'payload' is missing or blank");
    const { incident, created } = account.trigger(event.payload.summary, key, service);
    return done(created ? incident.id : undefined);
  }
  if (event.dedup_key === undefined) return invalid("'dedup_key' is missing or blank");
  const open = account.incidents().find((incident) => incident.incident_key === key && incident.status !== 'resolved');
  const status = event.event_action === 'resolve' ? 'resolved' : 'acknowledged';
  if (open === undefined || open.status === status) return done();
  return done(account.setStatus(open, status, null).id);
}

/** Events API v2. The routing key stands in the body; there is no other credential. */
export function eventRoutes(account: Account, routingKey: string): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v2/enqueue',
      operation: 'events.enqueue',
      answer: ({ body }) => {
        const parsed = Event.safeParse(body);
        if (!parsed.success) return invalid(...problems(parsed.error));
        return parsed.data.routing_key === routingKey ? process(account, parsed.data) : invalid("'routing_key' is not known");
      },
    },
    {
      method: 'POST',
      path: '/v2/change/enqueue',
      operation: 'events.change',
      answer: ({ body }) => {
        const parsed = Change.safeParse(body);
        if (!parsed.success) return invalid(...problems(parsed.error));
        if (parsed.data.routing_key !== routingKey) return invalid("'routing_key' is not known");
        const id = account.newId();
        const { summary, timestamp = new Date().toISOString(), source, custom_details = {} } = parsed.data.payload;
        account.documents.put('change_event', id, null, {
          id,
          type: 'change_event',
          summary,
          timestamp,
          source,
          // Of the service behind the routing key, which is the first.
          services: account.services.slice(0, 1).map((one) => reference('service_reference', one.id, one.name, account.origin())),
          custom_details,
          links: parsed.data.links ?? [],
          correlation_reason: { reason: 'most_recent' },
        });
        return { status: 202, body: { status: 'success', message: 'Change event processed' }, effect: id };
      },
    },
  ];
}
