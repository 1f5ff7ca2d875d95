import { z } from 'zod';
import type { Role } from '../../policy/contract/basics.ts';
import type { VoterIdentity } from '../ports.ts';
import type { Actor } from '../store/audit.ts';
import type { ServiceToken } from '../store/tokens.ts';
import { Problem } from './problem.ts';

/** What a token may do. `tokens:admin` can make tokens with any scope, so it is the right to everything but a vote. */
export const Scope = z.enum([
  'read',
  'incidents:write',
  'observations:write',
  'grants:claim',
  'alerts:write',
  'tools:call',
  'outbox:write',
  'tokens:admin',
]);
export type Scope = z.infer<typeof Scope>;

/** A person, known by an access token of the issuer. */
export interface PersonPrincipal {
  readonly kind: 'person';
  /** Of the person, not of the issuer's subject. */
  readonly id: string;
  readonly subject: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  /** When they gave their credentials, in milliseconds since the epoch; null where the issuer does not say. */
  readonly authTimeMs: number | null;
  readonly scopes: readonly Scope[];
  /** They ask by a page. Absent: with their token. */
  readonly page?: true;
}

/** What has a token of its own. */
export interface ServicePrincipal {
  readonly kind: 'service_token';
  readonly id: string;
  readonly scopes: readonly string[];
  /** Where it may act; null: everywhere. */
  readonly sites: readonly string[] | null;
  /** What it may run, `system.*` for all of a system; null: everything. */
  readonly operations: readonly string[] | null;
}

/** Who asks. */
export type Principal = ServicePrincipal | PersonPrincipal;

/** Under which requests of one caller are counted, and keys of idempotency kept. */
export function callerOf({ kind, id }: Principal): string {
  return `${kind}:${id}`;
}

/** The `Authorization` header → who it is. Throws Problem 401 with words, 403 for somebody whom nobody lists, 503 without an issuer. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** An access token → the person; null: it does not hold. Throws Problem 403, IssuerUnavailable. */
export type AuthenticatePerson = (token: string) => Promise<PersonPrincipal | null>;

/** RFC 6750, 3: the challenge names the scheme and, for a token that does not hold, the reason. */
export function unauthorized(detail: string, invalidToken: boolean): Problem {
  const challenge = invalidToken ? 'Bearer realm="watchkeeper", error="invalid_token"' : 'Bearer realm="watchkeeper"';
  return new Problem(401, 'unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}

interface Tokens {
  verify(secret: string): Promise<ServiceToken | null>;
}

/** RFC 6750, 2.1. */
const bearer = /^Bearer +([\w\-.~+/]+=*)$/i;

/** Three parts of base64url: what cannot be one is not worth asking anybody about. */
const jwt = /^[\w-]{1,4096}\.[\w-]{1,16384}\.[\w-]{1,4096}$/;

/**
 * Accepts service tokens, and access tokens of the issuer where there is one (`person`). What is wrong with a token is not told: revoked,
 * expired, forged and unknown look the same.
 */
export function createAuthenticator(tokens: Tokens, person: AuthenticatePerson | null): Authenticate {
  async function principal(secret: string): Promise<Principal | null> {
    if (jwt.test(secret)) return person === null ? null : person(secret);
    const token = await tokens.verify(secret);
    if (token === null) return null;
    const { id, scopes, sites, operations } = token;
    return { kind: 'service_token', id, scopes, sites, operations };
  }

  return async (authorization) => {
    if (authorization === undefined || authorization.trim() === '')
      throw unauthorized('Send a token, of a service or of a person who has signed in: Authorization: Bearer …', false);
    const match = bearer.exec(authorization.trim());
    if (match === null) throw unauthorized('The Authorization header must be: Bearer, one space, and the token.', false);
    const found = await principal(match[1] ?? '');
    if (found === null) throw unauthorized('This token is not valid: unknown, revoked, expired, or not for this API.', true);
    return found;
  };
}

/** Throws Problem 403 that names the missing scope. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (principal.scopes.includes(scope)) return;
  throw new Problem(403, 'missing_scope', `This needs the scope ${scope}.`, {
    headers: { 'www-authenticate': `Bearer realm="watchkeeper", error="insufficient_scope", scope="${scope}"` },
  });
}

/** As the vote path knows whoever asks. */
export function voterOf(principal: Principal): VoterIdentity {
  return principal.kind === 'person' ? { kind: 'oidc', subject: principal.subject } : { kind: 'service_token', tokenId: principal.id };
}

export function actorOf(principal: Principal): Actor {
  return { kind: principal.kind, id: principal.id };
}
