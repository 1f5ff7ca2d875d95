import { z } from 'zod';
import { SiteName } from '../../../tools/contract.ts';
import { type Incident, IncidentState } from '../../../workflows/contracts/incident.ts';
import { listStored } from '../../store/audit-list.ts';
import { AlertAnswer, alertAnswer, alertSummary, IncidentDetail } from '../alerts.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { requireWithin } from '../limits.ts';
import { Problem } from '../problem.ts';
import { Cursor, EntryAnswer, EntryCursor, entryPage, IncidentAnswer, incidentAnswer, Limit, page } from '../shapes.ts';

const Id = z.object({ id: z.string().min(1).max(100) });
const NewIncident = z.strictObject({
  title: z.string().trim().min(1).max(200),
  text: z.string().max(20_000).default(''),
  service: z.string().min(1).max(200).optional(),
  site: SiteName.optional(),
});
const Query = z.object({
  state: z
    .union([IncidentState, z.literal('open')])
    .optional()
    .describe('open: any but closed'),
  service: z.string().max(200).optional(),
  text: z.string().max(200).optional().describe('a part of the title'),
  cursor: Cursor,
  limit: Limit,
});
/** Of an incident's alerts, with the incident itself. */
const shownAlerts = 50;
const Seq = z.coerce.number().int().nonnegative().default(0);

export function incidentRoutes(v1: Routes, { store, incidents }: ApiOptions): void {
  async function answers(found: readonly Incident[]): Promise<IncidentAnswer[]> {
    const plans = await store.plans.ids(found.map((incident) => incident.id));
    return Promise.all(
      found.map(async (incident) => incidentAnswer(incident, plans.get(incident.id) ?? [], await store.incidents.summary(incident.id))),
    );
  }

  async function answer(id: string): Promise<IncidentAnswer> {
    const [one] = await answers([await store.incidents.get(id)]);
    return one as IncidentAnswer;
  }

  v1.get(
    '/incidents',
    {
      config: { scope: 'read' },
      schema: { summary: 'Newest first', querystring: Query, response: { 200: page(IncidentAnswer) } },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query;
      const found = await store.incidents.list(cursor ?? null, limit, filter);
      return { items: await answers(found), next: found.length === limit ? (found.at(-1)?.id ?? null) : null };
    },
  );

  v1.post(
    '/incidents',
    { config: { scope: 'incidents:write' }, schema: { summary: 'Open an incident', body: NewIncident, response: { 201: IncidentAnswer } } },
    async (request, reply) => {
      const { title, text, service, site } = request.body;
      const principal = principalOf(request);
      requireWithin(principal, { site: site ?? null });
      const requester = principal.kind === 'person' ? principal.id : null;
      const incident = await incidents.open({ title, text, service: service ?? null, site: site ?? null, requester, source: 'api' });
      return reply
        .code(201)
        .header('location', `/v1/incidents/${incident.id}`)
        .send(incidentAnswer(incident, [], null));
    },
  );

  v1.get(
    '/incidents/:id',
    { config: { scope: 'read' }, schema: { summary: 'With the first of its alerts', params: Id, response: { 200: IncidentDetail } } },
    async (request) => {
      const incident = await answer(request.params.id);
      const [counts, foremost] = await Promise.all([store.alerts.count(incident.id), store.alerts.foremost(incident.id, shownAlerts)]);
      return { ...incident, alerts: alertSummary(counts, foremost) };
    },
  );

  v1.get(
    '/incidents/:id/alerts',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Every alert of it, in the order in which they came',
        params: Id,
        querystring: z.object({ cursor: Seq, limit: Limit }),
        response: { 200: page(AlertAnswer) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const { id } = await store.incidents.get(request.params.id);
      const found = await store.alerts.list(id, cursor, limit);
      const last = found.at(-1);
      return { items: found.map(alertAnswer), next: last !== undefined && found.length === limit ? String(last.position) : null };
    },
  );

  v1.get(
    '/incidents/:id/timeline',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'What was recorded, oldest first',
        params: Id,
        querystring: z.object({ cursor: EntryCursor, limit: Limit }),
        response: { 200: page(EntryAnswer) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const { id } = await store.incidents.get(request.params.id);
      return entryPage(await listStored(store.pool, { incidentId: id }, cursor, limit), limit);
    },
  );

  v1.post(
    '/incidents/:id/cancel',
    {
      config: { scope: 'incidents:write' },
      schema: { summary: 'Ask for its cancellation', params: Id, response: { 202: IncidentAnswer } },
    },
    async (request, reply) => {
      const { id, site } = await store.incidents.get(request.params.id);
      const principal = principalOf(request);
      requireWithin(principal, { site });
      const by = principal.kind === 'person' ? principal.id : `service_token:${principal.id}`;
      if (!(await incidents.cancel(id, by))) throw new Problem(409, 'closed', 'This incident is closed already.');
      return reply.code(202).send(await answer(id));
    },
  );
}
