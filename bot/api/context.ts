import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Registry as Metrics } from 'prom-client';
import type { Registry } from '../../tools/registry.ts';
import type { Directory } from '../people.ts';
import type { LivePolicy } from '../policy/live.ts';
import type { BreakGlassPort, Incidents, Reads, Votes } from '../ports.ts';
import type { LlmPrompts } from '../store/llm-prompts.ts';
import type { Store } from '../store/store.ts';
import type { Idempotency } from './conduct/idempotency.ts';
import type { Rates } from './conduct/rate.ts';
import type { HttpSettings } from './conduct/settings.ts';
import type { Authenticate, Principal, Scope } from './principal.ts';
import type { SignInAnswer } from './routes/auth.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every route under /v1. */
    principal: Principal | null;
    /** It failed, and it is known that nothing came of it. */
    nothingDone: boolean;
  }
  interface FastifyContextConfig {
    /** What the token must hold; `any` where the handler decides. Every route under /v1 names one. */
    readonly scope?: Scope | 'any';
    /** Media types that the route can answer, besides JSON. */
    readonly produces?: readonly string[];
    /** What becomes of an Idempotency-Key; `kept` when absent. */
    readonly idempotency?: Idempotency;
    /** Requests that come by the number of incidents, not of callers: they are not counted. */
    readonly unlimited?: true;
  }
}

export type Readiness = {
  readonly ok: boolean;
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
};

export interface ApiOptions {
  readonly store: Store;
  readonly votes: Votes;
  readonly breakGlass: BreakGlassPort;
  readonly incidents: Incidents;
  readonly reads: Reads;
  /** Whom the configuration lists. */
  readonly people: Pick<Directory, 'byId'>;
  readonly policy: LivePolicy;
  readonly registry: Registry;
  readonly prompts: Pick<LlmPrompts, 'get'>;
  readonly authenticate: Authenticate;
  /** Where people sign in; null: nowhere. */
  readonly signIn: SignInAnswer | null;
  /** Replies where an address leads nowhere, if that is for it to say; false: the reply is a problem document. */
  readonly notFound?: (request: FastifyRequest, reply: FastifyReply) => boolean;
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Metrics;
  readonly http: HttpSettings;
  /** Counted together with the pages. */
  readonly rates: Rates;
  /** PUBLIC_URL; null: it is not known where people reach this. */
  readonly publicUrl: string | null;
  readonly log: Logger;
}

export type Api = FastifyInstance;
/** As the route files get it: with zod types. */
export type Routes = ReturnType<typeof typed>;

/** The instance with zod types. */
export function typed(api: Api) {
  return api.withTypeProvider<ZodTypeProvider>();
}

/** Who asked. Only for handlers under /v1, where the hook has set it. */
export function principalOf(request: { readonly principal: Principal | null }): Principal {
  if (request.principal === null) throw new TypeError('a route under /v1 ran without authentication');
  return request.principal;
}
