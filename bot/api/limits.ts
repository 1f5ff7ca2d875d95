import type { Principal, Scope } from './principal.ts';
import { Problem } from './problem.ts';

/** Scopes whose requests name a site, or an operation. A token with any other scope cannot be limited: it would not hold. */
const limitable: Readonly<Record<'sites' | 'operations', readonly Scope[]>> = {
  sites: ['tools:call', 'incidents:write', 'observations:write', 'grants:claim'],
  operations: ['tools:call', 'observations:write', 'grants:claim'],
};

interface Limits {
  readonly sites?: readonly string[] | null | undefined;
  readonly operations?: readonly string[] | null | undefined;
}

/** Throws Problem 422 for scopes that reach past these limits. */
export function requireLimitable(scopes: readonly Scope[], limits: Limits): void {
  for (const what of ['sites', 'operations'] as const) {
    const beyond = limits[what] ? scopes.filter((scope) => !limitable[what].includes(scope)) : [];
    if (beyond.length > 0)
      throw new Problem(
        422,
        'not_limitable',
        `${beyond.join(', ')} cannot be limited to ${what}: make a token of its own for that, and one with limits for the rest (${limitable[what].join(', ')}).`,
      );
  }
}

const covers = (names: readonly string[], operation: string) =>
  names.includes(operation) || names.includes(`${operation.slice(0, operation.indexOf('.'))}.*`);

/** Throws Problem 403 for what the token is not made for. People are limited by policy alone. `site` null: none is named. */
export function requireWithin(principal: Principal, call: { readonly site?: string | null; readonly operation?: string }): void {
  if (principal.kind === 'person') return;
  const { sites, operations } = principal;
  const { site, operation } = call;
  if (site !== undefined && sites !== null && (site === null || !sites.includes(site)))
    throw new Problem(403, 'outside_limits', `This token is for ${sites.join(', ')} only${site === null ? ': name the site' : ''}.`);
  if (operation !== undefined && operations !== null && !covers(operations, operation))
    throw new Problem(403, 'outside_limits', `This token is for ${operations.join(', ')} only.`);
}
