import type { Role } from '../../policy/contract/basics.ts';
import type { SignIns } from '../identity/sign-ins.ts';
import type { AccessTokens } from '../oidc/access-tokens.ts';
import type { AuthenticatePerson, Scope } from './principal.ts';
import { Problem } from './problem.ts';

const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  responder: ['read', 'incidents:write', 'tools:call'],
  approver: ['read', 'incidents:write', 'tools:call'],
  admin: ['read', 'incidents:write', 'tools:call', 'outbox:write', 'tokens:admin'],
};

/** What people may do over the API. Votes need no scope: those are for policy to judge. */
export function scopesOf(roles: readonly Role[]): Scope[] {
  return [...new Set(roles.flatMap((role) => scopesOfRole[role]))];
}

/** People by access tokens of the issuer. */
export function createPersonAuthenticator(verify: AccessTokens, signIns: SignIns): AuthenticatePerson {
  return async (token) => {
    const claims = await verify(token);
    if (claims === null) return null;
    const { subject, signedInAt } = claims;
    const person = await signIns.signIn(claims);
    if (person === null)
      throw new Problem(
        403,
        'unknown_person',
        `You have signed in as ${subject}, whom nobody knows here. An administrator has to list you under people in watchkeeper.yaml, with oidc: ${subject}.`,
      );
    const { id, roles, groups } = person;
    return { kind: 'person', id, subject, roles, groups, authTimeMs: signedInAt?.getTime() ?? null, scopes: scopesOf(roles) };
  };
}
