import { randomBytes } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import type { Documents } from '../peer/database.ts';

/** The two programs that sign people in: the web pages (with a secret), and the command line (which can keep none). */
export interface LocalClients {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly cliClientId: string;
  /** Where the web pages may have people sent back to. */
  redirectTo(url: string): void;
}

const clientId = 'watchkeeper';
const cliClientId = 'watchkeeper-cli';

/** Kept where the provider's adapter looks for clients. */
export function keptClients(documents: Documents): LocalClients {
  const clientSecret = documents.keep('client_secret', () => randomBytes(32).toString('base64url'));
  const keep = (payload: ClientMetadata) =>
    documents.put('oidc.Client', payload.client_id, null, { id: payload.client_id, payload, until: null });
  const redirectTo = (url: string) =>
    keep({
      client_id: clientId,
      client_name: 'Watchkeeper',
      client_secret: clientSecret,
      redirect_uris: [url],
      post_logout_redirect_uris: [new URL('/login', url).href],
      grant_types: ['authorization_code'],
      require_auth_time: true,
    });
  keep({
    client_id: cliClientId,
    client_name: 'The watchkeeper command line',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    // Any port of the loopback address (RFC 8252, 7.3).
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    require_auth_time: true,
  });
  return { clientId, clientSecret, cliClientId, redirectTo };
}
