import { type Credentials, tokenIn } from '../credentials.ts';
import type { Environment, GitAccess } from '../system.ts';

/** Nothing of the machine's configuration, nor of a repository's, is heard; only HTTPS is spoken, and no redirect is followed. */
const settings: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.symlinks', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.askPass', ''],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['protocol.https.allow', 'always'],
  ['http.followRedirects', 'false'],
  ['http.sslVerify', 'true'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['transfer.fsckObjects', 'true'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['commit.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
];

/** The password goes in the environment, for the addresses of that system alone: a command line would show it. Throws SiteIncomplete. */
export async function gitEnvironment({ base, user, token, where, ca }: GitAccess, credentials: Credentials): Promise<Environment> {
  const password = await tokenIn(token, credentials, where);
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  const all = [...settings, [`http.${base}.extraHeader`, `Authorization: Basic ${basic}`] as const];
  const config = Object.fromEntries(
    all.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  );
  return {
    ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1', GIT_CONFIG_COUNT: String(all.length) },
    ...{ GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https', GIT_NO_REPLACE_OBJECTS: '1', GIT_OPTIONAL_LOCKS: '0' },
    ...(ca === undefined ? {} : { GIT_SSL_CAINFO: ca }),
    ...config,
  };
}
