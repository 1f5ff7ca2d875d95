import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import Fastify from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type Api, type ApiOptions, typed } from './context.ts';
import { createErrorHandler } from './errors.ts';
import { type Authenticate, requireScope } from './principal.ts';
import { Problem, sendProblem } from './problem.ts';
import { auditRoutes } from './routes/audit.ts';
import { auditProofRoutes } from './routes/audit-proofs.ts';
import { authRoutes } from './routes/auth.ts';
import { breakGlassRoutes } from './routes/break-glass.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { grantRoutes } from './routes/grants.ts';
import { healthRoutes } from './routes/health.ts';
import { identityRoutes } from './routes/identities.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { observationRoutes } from './routes/observations.ts';
import { outboxRoutes } from './routes/outbox.ts';
import { planRoutes } from './routes/plans.ts';
import { policyRoutes } from './routes/policy.ts';
import { tokenRoutes } from './routes/service-tokens.ts';
import { toolCallRoutes } from './routes/tool-calls.ts';
import { toolRoutes } from './routes/tools.ts';

const bodyLimit = 256 * 1024;

function guard(v1: Api, authenticate: Authenticate): void {
  v1.removeContentTypeParser('text/plain');
  v1.addHook('onRoute', (route) => {
    if (route.config?.scope === undefined) throw new Error(`the route ${route.url} names no scope`);
  });
  v1.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" });
    request.principal = await authenticate(request.headers.authorization);
    const scope = request.routeOptions.config.scope ?? 'any';
    if (scope !== 'any') requireScope(request.principal, scope);
  });
  v1.setNotFoundHandler((request, reply) => sendProblem(request, reply, new Problem(404, 'not_found', 'There is no such resource.')));
}

function addV1(scoped: Api, options: ApiOptions): void {
  guard(scoped, options.authenticate);
  const v1 = typed(scoped);
  const routes = [
    incidentRoutes,
    evidenceRoutes,
    planRoutes,
    breakGlassRoutes,
    policyRoutes,
    auditRoutes,
    auditProofRoutes,
    toolRoutes,
    toolCallRoutes,
    observationRoutes,
    grantRoutes,
    outboxRoutes,
    tokenRoutes,
    identityRoutes,
  ];
  for (const add of routes) add(v1, options);
  v1.get('/openapi.json', { config: { scope: 'any' }, schema: { hide: true } }, () => Promise.resolve(scoped.swagger()));
}

/** HTTP API. Register web pages and webhooks on what it answers; it is not listening yet. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const api: Api = Fastify({
    genReqId: () => randomUUID(),
    bodyLimit,
    requestTimeout: 30_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  });
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(createErrorHandler(options.log));
  api.setNotFoundHandler(
    async (request, reply) =>
      (await options.notFound?.(request, reply)) ??
      sendProblem(request, reply, new Problem(404, 'not_found', 'There is no such resource.')),
  );
  api.decorateRequest('principal', null);
  api.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });
  api.addHook('onResponse', async (request, reply) => {
    const { id: requestId, method } = request;
    options.log.debug(
      { requestId, method, route: request.routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Watchkeeper', version: '1' },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A service token (wk_…), or an access token of the identity provider.' },
        },
      },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
  healthRoutes(typed(api), options);
  authRoutes(typed(api), options);
  await api.register(
    (scoped: Api, _options, done) => {
      addV1(scoped, options);
      done();
    },
    { prefix: '/v1' },
  );
  return api;
}
