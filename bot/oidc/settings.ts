import { z } from 'zod';
import { Role } from '../../policy/contract/basics.ts';

/** Section `oidc` of the file. */
export const OidcSettings = z.strictObject({
  audience: z.string().min(1).default('urn:watchkeeper:api').describe('What access tokens must be for (their aud claim).'),
  tokenType: z.enum(['at+jwt', 'JWT']).default('at+jwt').describe('What access tokens say of themselves (typ in their header).'),
  groupsClaim: z.string().min(1).default('groups').describe('Claim of tokens that lists the groups of a person.'),
  roles: z
    .record(z.string().min(1).max(200), z.array(Role))
    .default({})
    .describe('Roles that a group of that claim gives. A group with no roles counts as a group only.'),
  claimsHours: z.number().positive().max(168).default(12).describe('How long the groups of the last sign-in are believed.'),
  cliClientId: z.string().min(1).optional().describe('Client of the command line, which has no secret; OIDC_CLIENT_ID when absent.'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
    .default(['openid', 'profile', 'email', 'offline_access'])
    .describe('What watchkeeper login asks for.'),
});
export type OidcSettings = z.infer<typeof OidcSettings>;

/** Section `identity` of the file. */
export const IdentitySettings = z.strictObject({
  trustEmail: z.boolean().default(false).describe('An e-mail that the issuer has verified says which person a subject is.'),
});
export type IdentitySettings = z.infer<typeof IdentitySettings>;

/** Whether an address is this machine's own, where no TLS is needed. */
export function isLoopback(address: URL): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname);
}

function issuerProblem(issuer: string): string[] {
  const address = URL.parse(issuer);
  if (address === null || address.protocol === 'https:' || isLoopback(address)) return [];
  return ['OIDC_ISSUER: must be a https address'];
}

/** What is wrong between the variables and the section. */
export function oidcProblems(given: Readonly<Record<string, string>>, settings: OidcSettings): string[] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret } = given;
  if (issuer === undefined)
    return clientId === undefined && secret === undefined
      ? []
      : ['OIDC_CLIENT_ID or OIDC_CLIENT_SECRET is set: set OIDC_ISSUER to the address of the identity provider too'];
  const missing = clientId === undefined ? ['OIDC_ISSUER is set: set OIDC_CLIENT_ID too'] : [];
  const clients = [clientId, settings.cliClientId];
  // An ID token is for its client: with that audience it would pass for an access token.
  const mixed = clients.includes(settings.audience) ? ['oidc.audience is the id of a client: name one that is for the API alone'] : [];
  return [...issuerProblem(issuer), ...missing, ...mixed];
}
