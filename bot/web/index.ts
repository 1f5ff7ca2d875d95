import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Redactor } from '../../tools/ports.ts';
import type { Rates } from '../api/conduct/rate.ts';
import type { Api } from '../api/context.ts';
import { Problem } from '../api/problem.ts';
import type { ConfigFile } from '../config-file.ts';
import type { Directory } from '../people.ts';
import type { SiteHealth } from '../site-health.ts';
import { registerAssets } from './assets.ts';
import { createCookies } from './cookies.ts';
import { createFeed } from './feed.ts';
import { takeForms } from './forms.ts';
import { sendView } from './layout.ts';
import type { TakeAnswer } from './link.ts';
import { auditPages } from './routes/audit.ts';
import { incidentPage } from './routes/incident.ts';
import { incidentsPage } from './routes/incidents.ts';
import { liveRoute } from './routes/live.ts';
import { llmPages } from './routes/llm.ts';
import { mePages } from './routes/me.ts';
import { observationPage } from './routes/observation.ts';
import { outboxPages } from './routes/outbox.ts';
import { type PlanPages, planPages } from './routes/plans.ts';
import { playbookPages } from './routes/playbooks.ts';
import { policyPages } from './routes/policy.ts';
import { settingsPages } from './routes/settings.ts';
import { toolsPage } from './routes/tools.ts';
import { createSessions, type SessionsOptions } from './sessions.ts';
import { type PageIdentity, signInPages } from './sign-in.ts';
import { createSite } from './site.ts';
import type { Tickets } from './tickets.ts';
import { failure } from './views/errors.ts';

export interface PagesOptions extends SessionsOptions, PlanPages {
  /** Null: people do not sign in, and the pages say so. */
  readonly directory: Directory;
  readonly identity: PageIdentity | null;
  readonly file: ConfigFile;
  readonly redact: Redactor;
  /** Of sites; null: not known now. */
  readonly health: () => Promise<readonly SiteHealth[] | null>;
  readonly tickets: Tickets;
  readonly rates: Rates;
  /** Where people reach the pages; null: nowhere. */
  readonly baseUrl: () => string | null;
  readonly log: Logger;
}

/** A browser that goes where there is nothing gets a page; false for programs. */
export function pageNotFound(request: FastifyRequest, reply: FastifyReply): boolean {
  const isPage = request.method === 'GET' && !request.url.startsWith('/v1/') && request.headers.accept?.includes('text/html') === true;
  if (isPage) sendView(reply, failure(new Problem(404, 'not_found', 'No page has this address.'), request.id), null);
  return isPage;
}

/** The pages, on the API's own handlers. Answers what takes the issuer's answers to their sign-ins; null: people do not sign in. */
export async function registerPages(api: Api, options: PagesOptions): Promise<TakeAnswer | null> {
  const { pool, store, identity, tickets, rates, baseUrl, log } = options;
  let take: TakeAnswer | null = null;
  await api.register((scoped: Api, _options, done) => {
    takeForms(scoped);
    registerAssets(scoped);
    const site = createSite(scoped, {
      api,
      sessions: createSessions(options),
      cookies: createCookies(baseUrl, options.key),
      tickets,
      rates,
      baseUrl,
      log,
    });
    take = signInPages(scoped, site, identity);
    incidentsPage(site);
    incidentPage(site, options);
    liveRoute(scoped, site, store, createFeed({ pool, log }));
    planPages(site, options);
    observationPage(site);
    llmPages(site);
    auditPages(site, store);
    policyPages(site, store, options.now);
    playbookPages(site);
    toolsPage(site, options.health);
    outboxPages(site);
    settingsPages(site, options.file, options.redact, options.now);
    mePages(site);
    done();
  });
  return take;
}
