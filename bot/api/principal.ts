import { z } from 'zod';
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
  'outbox:write',
  'tokens:admin',
]);
export type Scope = z.infer<typeof Scope>;

/** Who asks. `id` is a service token's id, or a person's id with the OIDC subject that proved it. */
export type Principal =
  | { readonly kind: 'service_token'; readonly id: string; readonly scopes: readonly string[] }
  | {
      readonly kind: 'person';
      readonly id: string;
      readonly subject: string;
      /** When they gave their credentials, in milliseconds since the epoch; null where the issuer does not say. */
      readonly authTimeMs: number | null;
      readonly scopes: readonly string[];
    };

/** The `Authorization` header → who it is. Throws Problem 401 with words. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** RFC 6750, 3: the challenge names the scheme and, for a token that does not hold, the reason. */
export function unauthorized(detail: string, invalidToken: boolean): Problem {
  const challenge = invalidToken ? 'Bearer realm="watchkeeper", error="invalid_token"' : 'Bearer realm="watchkeeper"';
  return new Problem(401, 'unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}

/** Accepts service tokens. What is wrong with a token is not told: revoked, expired and unknown look the same. */
export function createTokenAuthenticator(tokens: { verify(secret: string): Promise<ServiceToken | null> }): Authenticate {
  return async (authorization) => {
    if (authorization === undefined || authorization.trim() === '')
      throw unauthorized('Send a service token: Authorization: Bearer wk_…', false);
    const match = /^Bearer +([\w-]+)$/i.exec(authorization.trim());
    if (match === null) throw unauthorized('The Authorization header must be: Bearer, one space, and the token.', false);
    const token = await tokens.verify(match[1] ?? '');
    if (token === null) throw unauthorized('This token is not valid: unknown, revoked or expired.', true);
    return { kind: 'service_token', id: token.id, scopes: token.scopes };
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
