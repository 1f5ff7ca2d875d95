import { z } from 'zod';
import type { Account } from './account.ts';
import { invalidInput, PagerDutyProblem } from './problem.ts';
import type { Route } from './route.ts';
import type { Reference } from './types.ts';
import { paged, parseBody } from './wire.ts';

const NewIncident = z.object({
  incident: z.object({
    type: z.literal('incident'),
    title: z.string().min(1),
    service: z.object({ id: z.string(), type: z.literal('service_reference') }),
    incident_key: z.string().max(255).optional(),
  }),
});
const ChangedIncident = z.object({
  incident: z.object({
    type: z.enum(['incident', 'incident_reference']),
    status: z.enum(['acknowledged', 'resolved']).optional(),
    title: z.string().optional(),
  }),
});
const NewNote = z.object({ note: z.object({ content: z.string().min(1).max(25_000) }) });
const NewStatusUpdate = z.object({ message: z.string().min(1), subject: z.string().optional(), html_message: z.string().optional() });

function create(account: Account): Route {
  return {
    method: 'POST',
    path: '/incidents',
    operation: 'incidents.create',
    from: true,
    answer: ({ body, from }) => {
      const { incident: wanted } = parseBody(NewIncident, body);
      const service = account.services.find((candidate) => candidate.id === wanted.service.id);
      if (service === undefined) throw invalidInput('Service cannot be found');
      const { incident, created } = account.trigger(wanted.title, wanted.incident_key ?? account.newId(), service, from);
      if (!created) throw invalidInput('Open incident with matching dedup key already exists on this service');
      return { status: 201, body: { incident }, effect: incident.id };
    },
  };
}

function update(account: Account): Route {
  return {
    method: 'PUT',
    path: '/incidents/{id}',
    operation: 'incidents.update',
    from: true,
    answer: ({ id, body, from }) => {
      const incident = account.incident(id);
      const { status } = parseBody(ChangedIncident, body).incident;
      if (incident.status === 'resolved') throw new PagerDutyProblem(400, 1001, 'Incident Already Resolved', ['Incident Already Resolved']);
      if (status === 'acknowledged' && incident.status === 'acknowledged')
        throw new PagerDutyProblem(400, 1002, 'Incident Already Acknowledged', ['Incident Already Acknowledged']);
      return { status: 200, body: { incident: status === undefined ? incident : account.setStatus(incident, status, from) }, effect: id };
    },
  };
}

function notes(account: Account): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/{id}/notes',
      operation: 'notes.list',
      answer: ({ id }) => ({ status: 200, body: { notes: account.notes(account.incident(id)) } }),
    },
    {
      method: 'POST',
      path: '/incidents/{id}/notes',
      operation: 'notes.create',
      from: true,
      answer: ({ id, body, from }) => {
        const incident = account.incident(id);
        const note = account.annotate(incident, parseBody(NewNote, body).note.content, from);
        return { status: 200, body: { note }, effect: note.id };
      },
    },
  ];
}

function statusUpdates(account: Account): Route {
  return {
    method: 'POST',
    path: '/incidents/{id}/status_updates',
    operation: 'status_updates.create',
    from: true,
    answer: ({ id, body }) => {
      account.incident(id);
      const { message, subject, html_message } = parseBody(NewStatusUpdate, body);
      const { name: _name, email: _email, ...sender } = account.user();
      const update = {
        id: account.newId(),
        message,
        subject,
        html_message,
        created_at: new Date().toISOString(),
        sender: { ...sender, type: 'user_reference' },
      };
      account.documents.put('status_update', update.id, id, update);
      return { status: 200, body: { status_update: update }, effect: update.id };
    },
  };
}

const NewResponders = z.object({
  requester_id: z.string().min(1),
  message: z.string().min(1),
  responder_request_targets: z
    .array(
      z.object({
        responder_request_target: z.object({ id: z.string(), type: z.enum(['user_reference', 'escalation_policy_reference']) }),
      }),
    )
    .min(1),
});

function responderRequests(account: Account): Route {
  return {
    method: 'POST',
    path: '/incidents/{id}/responder_requests',
    operation: 'responder_requests.create',
    answer: ({ id, body }) => {
      const incident = account.incident(id);
      const { requester_id, message, responder_request_targets } = parseBody(NewResponders, body);
      const requester = account.users().find((user) => user.id === requester_id);
      if (requester === undefined) throw invalidInput('Requester cannot be found');
      const targets = responder_request_targets.map((one) => one.responder_request_target);
      const request = account.addResponders(incident, { requester, message, targets });
      return { status: 200, body: { responder_request: request }, effect: request.id };
    },
  };
}

/** Incidents, their notes, their status updates and the people who are asked to help. */
export function incidentRoutes(account: Account): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents',
      operation: 'incidents.list',
      answer: ({ query }) => {
        const key = query['incident_key'];
        const found = account.incidents().filter((incident) => key === undefined || incident.incident_key === key);
        return { status: 200, body: paged('incidents', found, query) };
      },
    },
    {
      method: 'GET',
      path: '/incidents/{id}',
      operation: 'incidents.get',
      answer: ({ id }) => ({ status: 200, body: { incident: account.incident(id) } }),
    },
    create(account),
    update(account),
    ...notes(account),
    statusUpdates(account),
    responderRequests(account),
    {
      method: 'GET',
      path: '/incidents/{id}/log_entries',
      operation: 'log_entries.list',
      answer: ({ id, query }) => ({
        status: 200,
        body: paged('log_entries', account.documents.list('log_entry', account.incident(id).id), query),
      }),
    },
    {
      method: 'GET',
      path: '/incidents/{id}/related_change_events',
      operation: 'change_events.list',
      answer: ({ id }) => {
        const { service } = account.incident(id);
        const related = account.documents
          .list<{ services: readonly Reference[] }>('change_event')
          .filter(({ services }) => services.some((one) => one.id === service.id));
        return { status: 200, body: { change_events: related } };
      },
    },
  ];
}
