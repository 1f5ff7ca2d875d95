import { ConfigInvalid, readSettings, type Settings } from '../config.ts';

/** Variables in place of the process's own. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where commands find the API. What else is configured on this machine is not looked at. Throws ConfigInvalid. */
export function clientSettings(environment?: Variables): { readonly url: string; readonly token: string } {
  const { WATCHKEEPER_URL: url, WATCHKEEPER_TOKEN: token } = readSettings(environment).given;
  const problems: string[] = [];
  if (url === undefined) problems.push('WATCHKEEPER_URL is not set: set it to the address of the API, e.g. http://127.0.0.1:8080');
  else if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) problems.push(`WATCHKEEPER_URL: must be a http or https address`);
  if (token === undefined) problems.push('WATCHKEEPER_TOKEN is not set: set it to a service token (watchkeeper token create)');
  if (url === undefined || token === undefined || problems.length > 0) throw new ConfigInvalid(problems);
  return { url, token };
}

/** Whose rights the migration needs. Throws ConfigInvalid. */
export function migrationSettings(environment?: Variables): Settings & { readonly url: string } {
  const { env, file, problems } = readSettings(environment);
  const url = env?.DATABASE_MIGRATION_URL ?? env?.DATABASE_URL;
  const missing = env !== null && url === undefined ? ["DATABASE_MIGRATION_URL is not set: set it to the address of the owner's role"] : [];
  if (env === null || url === undefined || problems.length > 0) throw new ConfigInvalid([...problems, ...missing]);
  return { env, file, url };
}
