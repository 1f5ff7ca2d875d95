import { z } from 'zod';
import { Authority } from '../authority.ts';

const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The fixed place that is asked: https, or http on this machine (an agent). */
function isPlace(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname));
}

const Name = z.string().regex(/^[^\p{Cc}]{1,200}$/u, 'must be one line');
const Path = z.string().regex(/^\//, 'must be an absolute path');

const Auth = z.union(
  [
    z.strictObject({ tokenFile: Path.describe('Holds a token that somebody else renews, e.g. an agent.') }),
    z.strictObject({
      jwt: z
        .strictObject({
          mount: z
            .string()
            .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'must be a path such as kubernetes')
            .default('jwt')
            .describe('Where the auth method is mounted, below auth/.'),
          role: Name,
          tokenFile: Path.describe('Read at each login, e.g. a projected token of the service account.'),
        })
        .describe('Workload identity: a method of the type jwt or kubernetes.'),
    }),
  ],
  { error: 'must be { tokenFile: PATH } or { jwt: { mount, role, tokenFile } }' },
);

/** How the runner of a site gets into the Vault that its credentials are in. */
export const VaultLogin = z
  .strictObject({
    address: z
      .string()
      .refine(isPlace, 'must be https://HOST[:PORT], or http on this machine, without user, query or fragment')
      .describe('Base URL of the server, without /v1.'),
    namespace: z
      .string()
      .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'must be a namespace such as platform/shop')
      .optional(),
    caCert: Authority.optional(),
    auth: Auth,
  })
  .describe('HashiCorp Vault or OpenBao, in which the runner looks credentials up with a login of its own.');
export type VaultLogin = z.infer<typeof VaultLogin>;
