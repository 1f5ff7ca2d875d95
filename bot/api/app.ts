import swagger from '@fastify/swagger';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { addDraining } from './conduct/draining.ts';
import { addTags } from './conduct/etag.ts';
import { type Conduct, guard } from './conduct/guard.ts';
import { requestIdOf, securityHeaders } from './conduct/headers.ts';
import { addIdempotency } from './conduct/idempotency.ts';
import { requireMethod, watchRoutes } from './conduct/methods.ts';
import { type Api, type ApiOptions, typed } from './context.ts';
import { createErrorHandler, refuseAddress } from './errors.ts';
import { openApi } from './openapi/settings.ts';
import { sendProblem } from './problem.ts';
import { auditRoutes } from './routes/audit.ts';
import { auditProofRoutes } from './routes/audit-proofs.ts';
import { authRoutes } from './routes/auth.ts';
import { breakGlassRoutes } from './routes/break-glass.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { grantRoutes } from './routes/grants.ts';
import { healthRoutes } from './routes/health.ts';
import { identityRoutes } from './routes/identities.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { llmRoutes } from './routes/llm.ts';
import { memoryRoutes } from './routes/memories.ts';
import { observationRoutes } from './routes/observations.ts';
import { outboxRoutes } from './routes/outbox.ts';
import { planRoutes } from './routes/plans.ts';
import { playbookRoutes } from './routes/playbooks.ts';
import { policyRoutes } from './routes/policy.ts';
import { runnerRoutes } from './routes/runners.ts';
import { tokenRoutes } from './routes/service-tokens.ts';
import { toolCallRoutes } from './routes/tool-calls.ts';
import { toolRoutes } from './routes/tools.ts';

const bodyLimit = 256 * 1024;

function logRequests(api: Api, { log }: ApiOptions): void {
  api.addHook('onResponse', async (request, reply) => {
    const { id: requestId, method } = request;
    const ms = Math.round(reply.elapsedTime);
    log.debug({ requestId, method, route: request.routeOptions.url, status: reply.statusCode, ms }, 'request');
  });
}

function addV1(scoped: Api, options: ApiOptions, conduct: Conduct): void {
  guard(scoped, options, conduct);
  addTags(scoped);
  addIdempotency(scoped, options);
  const v1 = typed(scoped);
  const routes = [
    incidentRoutes,
    evidenceRoutes,
    planRoutes,
    breakGlassRoutes,
    policyRoutes,
    playbookRoutes,
    memoryRoutes,
    auditRoutes,
    auditProofRoutes,
    toolRoutes,
    toolCallRoutes,
    observationRoutes,
    runnerRoutes,
    grantRoutes,
    outboxRoutes,
    tokenRoutes,
    identityRoutes,
    llmRoutes,
  ];
  for (const add of routes) add(v1, options);
  v1.get(
    '/openapi.json',
    { config: { scope: 'any' }, schema: { summary: 'This document', response: { 200: z.record(z.string(), z.unknown()) } } },
    () => Promise.resolve({ ...scoped.swagger() }),
  );
}

/** HTTP API. Register web pages and webhooks on what it answers; it is not listening yet. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const { http, publicUrl, rates } = options;
  const api: Api = Fastify({
    genReqId: requestIdOf,
    trustProxy: http.trustedProxies.length === 0 ? false : [...http.trustedProxies],
    bodyLimit,
    // Longer than any schema allows, so that the schema is what refuses.
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: refuseAddress(options.log),
    requestTimeout: 30_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  });
  addDraining(api);
  const missing = watchRoutes(api);
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(createErrorHandler(options.log));
  api.setNotFoundHandler((request, reply) => {
    if (options.notFound?.(request, reply) === true) return reply;
    return sendProblem(request, reply, missing(request));
  });
  api.decorateRequest('principal', null);
  api.decorateRequest('nothingDone', false);
  const headers = securityHeaders(publicUrl);
  api.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...headers, 'x-request-id': request.id });
    if (request.is404 && !request.url.startsWith('/v1')) requireMethod(missing(request));
  });
  logRequests(api, options);
  await api.register(swagger, openApi());
  healthRoutes(typed(api), options);
  authRoutes(typed(api), options, rates.address);
  await api.register(
    (scoped: Api, _options, done) => {
      addV1(scoped, options, { rates, missing });
      done();
    },
    { prefix: '/v1' },
  );
  return api;
}
