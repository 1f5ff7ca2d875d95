import { type ApiClient, createApiClient } from '../api/client.ts';
import { freshToken } from './refresh.ts';
import { clientSettings, type Variables } from './settings.ts';

export const version = '0.1.0';

/** By it the API tells votes of the command line from others. */
export const userAgent = `watchkeeper-cli/${version}`;

/** With WATCHKEEPER_URL, and WATCHKEEPER_TOKEN or the session; `timeoutMs` as of the client. Throws ConfigInvalid, SessionBroken. */
export function connect(variables: Variables | undefined, timeoutMs?: number): ApiClient {
  const { url, token } = clientSettings(variables);
  const bearer = typeof token === 'string' ? token : () => freshToken(token);
  return createApiClient({ url, userAgent, token: bearer, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}
