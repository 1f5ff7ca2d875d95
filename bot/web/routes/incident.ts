import { IncidentDetail } from '../../api/alerts.ts';
import { MemoryAnswer } from '../../api/routes/memories.ts';
import { IncidentAnswer, planAnswer } from '../../api/shapes.ts';
import { EvidenceGraph } from '../../evidence/model.ts';
import { pngOf } from '../../evidence/png.ts';
import { evidenceSvg } from '../../evidence/svg.ts';
import type { VoteChoices } from '../../ports.ts';
import { loadPostmortem } from '../../postmortem/load.ts';
import { postmortemMarkdown } from '../../postmortem/markdown.ts';
import { lastAudit } from '../../store/audit-list.ts';
import type { Store } from '../../store/store.ts';
import type { Site } from '../site.ts';
import { evidence } from '../views/graph.ts';
import { incidentView } from '../views/incident.ts';
import { postmortemView } from '../views/postmortem.ts';
import type { Visit } from '../visit.ts';

export interface IncidentPages {
  readonly store: Store;
  readonly choices: VoteChoices;
}

/** Entries of the timeline that a page shows. */
const shownEntries = 100;

async function show({ store, choices }: IncidentPages, { inside, principal, session, viewer }: Visit, id: string) {
  const path = `/incidents/${encodeURIComponent(id)}`;
  // First: it says whether there is one, and whether it is for them.
  const detail = await inside.get(path, IncidentDetail);
  const [incident, entries, stored, graph, findings, observations, mirrors] = await Promise.all([
    store.incidents.get(id),
    lastAudit(store.reads.db, { incidentId: id }, shownEntries + 1),
    store.plans.listForIncident(id),
    inside.get(`${path}/evidence`, EvidenceGraph),
    store.findings.listForIncident(id),
    store.observations.listForIncident(id),
    store.mirrorLinks.list(id),
  ]);
  const who = { kind: 'oidc', subject: session.subject } as const;
  const waiting = stored.filter(({ state }) => state === 'pending').map(({ plan }) => plan.id);
  const offered = await Promise.all(waiting.map((planId) => choices.choices(who, planId)));
  const mayCancel = incident.state !== 'closed' && principal.scopes.includes('incidents:write');
  return incidentView({
    detail,
    incident,
    entries: entries.slice(-shownEntries),
    older: entries.length > shownEntries,
    plans: stored.map(planAnswer),
    evidence: await evidence(graph, `${path}/evidence`),
    findings,
    observations,
    mirrors,
    mine: waiting.filter((_, index) => (offered[index]?.length ?? 0) > 0),
    cancelToken: mayCancel ? viewer.token : null,
    retractToken: principal.scopes.includes('incidents:write') ? viewer.token : null,
  });
}

/** `base`: of the addresses of observations; null: they are those of these pages. */
async function postmortemText(store: Store, id: string, base: string | null): Promise<string> {
  const observation = (hash: string) => {
    const path = `/observations/${hash}`;
    return base === null ? path : new URL(path, base).href;
  };
  return postmortemMarkdown(await loadPostmortem(store, id), { redact: (text) => store.redact.text(text).text, observation });
}

async function postmortem(store: Store, { inside }: Visit, id: string) {
  const { title } = await inside.get(`/incidents/${encodeURIComponent(id)}`, IncidentDetail);
  return postmortemView(id, title, await postmortemText(store, id, null));
}

/** The strongest evidence as a picture, as Slack gets it; an SVG follows the reader's setting. */
async function picture({ inside }: Visit, id: string): Promise<string> {
  const path = `/incidents/${encodeURIComponent(id)}`;
  const { title } = await inside.get(path, IncidentDetail);
  return evidenceSvg(await inside.get(`${path}/evidence`, EvidenceGraph), { title: `Evidence: ${title}`, theme: 'auto' });
}

export function incidentPage(site: Site, pages: IncidentPages): void {
  const { store } = pages;
  const own = (id: string | undefined) => `/incidents/${encodeURIComponent(id ?? '')}`;
  site.page('/incidents/:id', (visit, { params }) => show(pages, visit, params['id'] ?? ''));
  site.page('/incidents/:id/postmortem', (visit, { params }) => postmortem(store, visit, params['id'] ?? ''));
  site.file('/incidents/:id/postmortem.md', async ({ inside }, { params }) => {
    const { id } = await inside.get(own(params['id']), IncidentDetail);
    const body = await postmortemText(store, id, site.options.baseUrl());
    return { type: 'text/markdown; charset=utf-8', body, filename: `postmortem-${id}.md` };
  });
  site.file('/incidents/:id/evidence.svg', async (visit, { params }) => {
    const id = params['id'] ?? '';
    return { type: 'image/svg+xml', body: await picture(visit, id), filename: `evidence-${id}.svg` };
  });
  site.file('/incidents/:id/evidence.png', async (visit, { params }) => {
    const id = params['id'] ?? '';
    return { type: 'image/png', body: Buffer.from(pngOf(await picture(visit, id))), filename: `evidence-${id}.png` };
  });
  site.form(
    '/incidents/:id/cancel',
    ({ params }) => own(params['id']),
    async ({ inside }, _fields, { params }) => {
      await inside.post(`${own(params['id'])}/cancel`, {}, IncidentAnswer);
      return { to: own(params['id']), say: 'The stop is asked for.' };
    },
  );
  site.form(
    '/incidents/:id/memories/:memory/retract',
    ({ params }) => own(params['id']),
    async ({ inside }, { reason = '' }, { params }) => {
      await inside.post(`/memories/${encodeURIComponent(params['memory'] ?? '')}/retract`, { reason }, MemoryAnswer);
      return { to: own(params['id']), say: 'It is shown no more.' };
    },
  );
}
