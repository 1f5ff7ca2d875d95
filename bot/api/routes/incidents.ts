import { z } from 'zod';
import { SiteName } from '../../../tools/contract.ts';
import { type Incident, IncidentSource, IncidentState, Outcome } from '../../../workflows/contracts/incident.ts';
import { listStored } from '../../store/audit-list.ts';
import { AlertAnswer, alertAnswer, alertSummary, IncidentDetail } from '../alerts.ts';
import { requireMatch } from '../conduct/etag.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { Cursor, nextOf } from '../cursor.ts';
import { requireWithin } from '../limits.ts';
import { actorOf, type Principal } from '../principal.ts';
import { Problem } from '../problem.ts';
import { EntryAnswer, EntryCursor, entryPage, IncidentAnswer, Instant, incidentAnswer, Limit, page } from '../shapes.ts';

const Id = z.object({ id: z.string().min(1).max(100) });
const NewIncident = z.strictObject({
  title: z.string().trim().min(1).max(200),
  text: z.string().max(20_000).default(''),
  service: z.string().min(1).max(200).optional(),
  site: SiteName.optional(),
  requester: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'For whom a service token opens it: the id of a person, whose own approval then counts as that of a requester. Without it nobody is the requester, and the approval of whoever made the token counts as that of a requester.',
    ),
});

/** A person is their own requester; a token has none, unless it names somebody whom the configuration lists. Throws Problem 422. */
function requesterOf(principal: Principal, named: string | undefined, people: ApiOptions['people']): string | null {
  if (principal.kind === 'person') {
    if (named === undefined || named === principal.id) return principal.id;
    throw new Problem(422, 'not_the_requester', 'You ask for this yourself: leave requester out.');
  }
  if (named === undefined || people.byId(named) !== null) return named ?? null;
  throw new Problem(422, 'unknown_person', `Nobody in watchkeeper.yaml has the id ${named}.`);
}
/** Of an incident's alerts, with the incident itself. */
const shownAlerts = 50;
const Word = z.string().min(1).max(200).optional();
const ListQuery = z.object({
  state: z
    .union([IncidentState, z.literal('open')])
    .optional()
    .describe('open: any but closed'),
  outcome: Outcome.optional(),
  source: IncidentSource.optional(),
  service: Word,
  site: SiteName.optional(),
  requester: Word.describe("The person's id."),
  text: Word.describe('A part of the title.'),
  from: Instant.optional().describe('Opened not before.'),
  to: Instant.optional().describe('Opened before.'),
  cursor: Cursor('incidents'),
  limit: Limit,
});

export function incidentRoutes(v1: Routes, { store, incidents, people }: ApiOptions): void {
  async function answers(found: readonly Incident[]): Promise<IncidentAnswer[]> {
    const plans = await store.plans.ids(found.map((incident) => incident.id));
    return Promise.all(
      found.map(async (incident) => incidentAnswer(incident, plans.get(incident.id) ?? [], await store.incidents.summary(incident.id))),
    );
  }

  async function detail(id: string): Promise<z.output<typeof IncidentDetail>> {
    const incident = await answer(id);
    const [counts, foremost, related, similar] = await Promise.all([
      store.alerts.count(id),
      store.alerts.foremost(id, shownAlerts),
      store.alerts.related(id),
      store.memories.similar(id),
    ]);
    return { ...incident, alerts: alertSummary(counts, foremost), related: [...related], similar: [...similar] };
  }

  async function answer(id: string): Promise<IncidentAnswer> {
    const [one] = await answers([await store.incidents.get(id)]);
    return one as IncidentAnswer;
  }

  v1.get(
    '/incidents',
    {
      config: { scope: 'read' },
      schema: { summary: 'Newest first', querystring: ListQuery, response: { 200: page(IncidentAnswer) } },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query;
      const found = await store.incidents.list(cursor, limit, filter);
      return { items: await answers(found), next: nextOf('incidents', found, limit, ({ id }) => id) };
    },
  );

  v1.post(
    '/incidents',
    { config: { scope: 'incidents:write' }, schema: { summary: 'Open an incident', body: NewIncident, response: { 201: IncidentAnswer } } },
    async (request, reply) => {
      const { title, text, service, site, requester: named } = request.body;
      const principal = principalOf(request);
      requireWithin(principal, { site: site ?? null });
      const requester = requesterOf(principal, named, people);
      const by = actorOf(principal);
      // Or the maker of a token would approve alone what they asked for with it.
      const maker = requester === null ? await store.tokens.makerOf(principal.id) : null;
      const coRequesters = maker === null ? [] : [maker];
      const incident = await incidents.open({
        ...{ title, text, service: service ?? null, site: site ?? null, requester, coRequesters, source: 'api', by },
      });
      return reply
        .code(201)
        .header('location', `/v1/incidents/${incident.id}`)
        .send(incidentAnswer(incident, [], null));
    },
  );

  v1.get(
    '/incidents/:id',
    { config: { scope: 'read' }, schema: { summary: 'With the first of its alerts', params: Id, response: { 200: IncidentDetail } } },
    (request) => detail(request.params.id),
  );

  v1.get(
    '/incidents/:id/alerts',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'Every alert of it, in the order in which they came',
        params: Id,
        querystring: z.object({ cursor: Cursor('alerts'), limit: Limit }),
        response: { 200: page(AlertAnswer) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const { id } = await store.incidents.get(request.params.id);
      const found = await store.alerts.list(id, Number(cursor ?? 0), limit);
      return { items: found.map(alertAnswer), next: nextOf('alerts', found, limit, ({ position }) => position) };
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
      return entryPage(await listStored(store.reads.db, { incidentId: id }, cursor, limit), limit);
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
      await requireMatch(request, IncidentDetail, () => detail(id));
      if (!(await incidents.cancel(id, actorOf(principal)))) throw new Problem(409, 'closed', 'This incident is closed already.');
      return reply.code(202).send(await answer(id));
    },
  );
}
