import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Api, type ApiOptions, principalOf } from '../context.ts';
import { type Authenticate, callerOf, type Principal, requireScope } from '../principal.ts';
import { Problem, sendProblem } from '../problem.ts';
import { requireAcceptable } from './accept.ts';
import { apiHeaders } from './headers.ts';
import type { Rates } from './rate.ts';
import { requireText } from './text.ts';
export interface Conduct {
  readonly rates: Rates;
  /** What to say to a request that no route took. */
  readonly missing: (request: FastifyRequest) => Problem;
}

/** Who has no valid token is counted by address, and told so in place of the 401 once that is too often. */
async function recognised(request: FastifyRequest, authenticate: Authenticate, rates: Rates): Promise<Principal> {
  try {
    return await authenticate(request.headers.authorization);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) await rates.address(request.ip);
    throw error;
  }
}

async function counted(request: FastifyRequest, reply: FastifyReply, rates: Rates): Promise<void> {
  if (request.routeOptions.config.unlimited !== true) reply.headers(await rates.caller(callerOf(principalOf(request))));
}

/** What comes before every route under /v1: who asks, how often, whether they may, and what they take. */
export function guard(v1: Api, { authenticate }: ApiOptions, { rates, missing }: Conduct): void {
  v1.removeContentTypeParser('text/plain');
  v1.addHook('onRoute', (route) => {
    if (route.config?.scope === undefined) throw new Error(`the route ${route.url} names no scope`);
  });
  v1.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...apiHeaders });
    request.principal = await recognised(request, authenticate, rates);
    await counted(request, reply, rates);
    if (request.is404) throw missing(request);
    const { scope = 'any', produces } = request.routeOptions.config;
    if (scope !== 'any') requireScope(request.principal, scope);
    requireAcceptable(request.headers.accept, produces);
  });
  v1.addHook('preValidation', async (request) => requireText(request));
  // For the hooks alone: they have answered by then.
  v1.setNotFoundHandler((request, reply) => sendProblem(request, reply, missing(request)));
}
