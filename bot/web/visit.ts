import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Rates } from '../api/conduct/rate.ts';
import type { Api } from '../api/context.ts';
import { scopesOf } from '../api/person.ts';
import { callerOf, type PersonPrincipal, requireScope } from '../api/principal.ts';
import type { Member } from '../people.ts';
import type { WebSession } from '../store/web-sessions.ts';
import type { Cookies } from './cookies.ts';
import { createInside, type Inside } from './inside.ts';
import type { Viewer } from './layout.ts';
import { formToken, type Sessions } from './sessions.ts';
import type { Tickets } from './tickets.ts';

/** Somebody who is signed in, at a page. */
export interface Visit {
  readonly person: Member;
  readonly session: WebSession;
  readonly principal: PersonPrincipal;
  /** Asks the API as them. */
  readonly inside: Inside;
  readonly viewer: Viewer;
}

export interface SiteOptions {
  readonly api: Api;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly tickets: Tickets;
  /** Pages count as requests of whoever looks, as over the API. */
  readonly rates: Pick<Rates, 'caller'>;
  /** Where people reach the pages; null: nowhere. */
  readonly baseUrl: () => string | null;
  readonly log: Logger;
}

function principalOf(person: Member, session: WebSession): PersonPrincipal {
  const { id, roles, groups } = person;
  const authTimeMs = session.signedInAt === null ? null : Date.parse(session.signedInAt);
  return { kind: 'person', id, subject: session.subject, roles, groups, authTimeMs, scopes: scopesOf(roles), page: true };
}

/** Who comes: somebody who is signed in, somebody whom nobody lists any more, or nobody. */
export type Entered =
  | { readonly kind: 'in'; readonly visit: Visit }
  | { readonly kind: 'unknown_person'; readonly subject: string }
  | { readonly kind: 'out' };

/** Counts as a request of whoever it is. Throws Problem 429, and 403 for somebody who may see nothing. */
export async function visitOf(
  { api, sessions, cookies, tickets, rates }: SiteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Entered> {
  const id = cookies.session(request);
  // What a page asks for by itself is no use of the session: one that is left open would never let it end.
  const found = await sessions.use(id, request.headers['x-watchkeeper-refresh'] !== undefined);
  if (found.kind === 'none') return { kind: 'out' };
  if (found.kind === 'unknown_person') return found;
  const { person, session } = found;
  const principal = principalOf(person, session);
  reply.headers(await rates.caller(callerOf(principal)));
  requireScope(principal, 'read');
  const viewer = { name: person.name, token: formToken(id ?? '') };
  return { kind: 'in', visit: { person, session, principal, inside: createInside(api, tickets, principal), viewer } };
}
