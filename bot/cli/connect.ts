import { type ApiClient, type ClientOptions, createApiClient } from '../api/client.ts';
import { freshToken } from './refresh.ts';
import { clientSettings, type Variables } from './settings.ts';

export const version = '0.1.0';

/** By it the API tells votes of the command line from others. */
export const userAgent = `watchkeeper-cli/${version}`;

/** By WATCHKEEPER_URL, and WATCHKEEPER_TOKEN or the session; `timeoutMs` as of the client. Throws ConfigInvalid, SessionBroken. */
export function connection(variables: Variables | undefined, timeoutMs?: number): ClientOptions {
  const { url, token } = clientSettings(variables);
  const bearer = typeof token === 'string' ? token : () => freshToken(token);
  return { url, userAgent, token: bearer, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

/** The client over that connection. */
export function connect(variables: Variables | undefined, timeoutMs?: number): ApiClient {
  return createApiClient(connection(variables, timeoutMs));
}
