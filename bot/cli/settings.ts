import { ConfigInvalid, readSettings, type Settings } from '../config.ts';
import { readSession, type Session, sessionFile } from './session.ts';

/** Variables in place of the process's own. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where a command finds the API, and as whom it comes. */
export interface ClientSettings {
  readonly url: string;
  /** WATCHKEEPER_TOKEN, or the session of `watchkeeper login`. */
  readonly token: string | Session;
}

function addressProblems(url: string | undefined): string[] {
  if (url === undefined)
    return [
      'WATCHKEEPER_URL is not set: set it to the address of the API, e.g. http://127.0.0.1:8080, or name the server once (watchkeeper profile add)',
    ];
  return /^https?:$/.test(URL.parse(url)?.protocol ?? '') ? [] : ['WATCHKEEPER_URL: must be a http or https address'];
}

/** What else is configured on this machine is not looked at. Throws ConfigInvalid, SessionBroken. */
export function clientSettings(environment?: Variables): ClientSettings {
  const { given } = readSettings(environment);
  const { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: secret } = given;
  const problems = addressProblems(url);
  const token = secret ?? (url === undefined || problems.length > 0 ? null : readSession(sessionFile(given), url));
  if (token === null) problems.push('WATCHKEEPER_TOKEN is not set: sign in (watchkeeper login), or set it to a service token');
  if (url === undefined || token === null || problems.length > 0) throw new ConfigInvalid(problems);
  return { url, token };
}

/** For signing in: the address of the API, and what stands in place of what the API would say. Throws ConfigInvalid. */
export function loginSettings(environment?: Variables) {
  const { given } = readSettings(environment);
  const { WATCHKEEPER_URL: url, OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = given;
  const problems = addressProblems(url);
  const file = sessionFile(given);
  if (file === null) problems.push('neither XDG_CONFIG_HOME nor HOME is set: there is no place for the session');
  if (url === undefined || file === null || problems.length > 0) throw new ConfigInvalid(problems);
  return { url, file, issuer, clientId };
}

/** Whose rights the migration needs. Throws ConfigInvalid. */
export function migrationSettings(environment?: Variables): Omit<Settings, 'siteVariables'> & { readonly url: string } {
  const { env, file, problems } = readSettings(environment);
  const url = env?.DATABASE_MIGRATION_URL ?? env?.DATABASE_URL;
  const missing = env !== null && url === undefined ? ["DATABASE_MIGRATION_URL is not set: set it to the address of the owner's role"] : [];
  if (env === null || url === undefined || problems.length > 0) throw new ConfigInvalid([...problems, ...missing]);
  return { env, file, url };
}
