import { tokenIn } from '../credentials.ts';
import type { Program } from '../system.ts';

/** Nothing of a person's set-up is heard: no configuration, no aliases, no extensions, no prompts, no look for a newer version. */
const quiet = {
  ...{ GH_CONFIG_DIR: '/nonexistent', GH_NO_UPDATE_NOTIFIER: '1', GH_NO_EXTENSION_UPDATE_NOTIFIER: '1', GH_PROMPT_DISABLED: '1' },
  ...{ GH_TELEMETRY: 'false', NO_COLOR: '1', GH_PAGER: '' },
};

export const program: Program = {
  name: 'gh',
  version: ['--version'],
  // The first whose JSON has all that is read.
  oldest: '2.23',
  environment: async ({ github: own }, credentials) => {
    if (own === undefined) return {};
    const token = await tokenIn(own.token, credentials, 'github.token');
    const ca = own.ca === undefined ? {} : { SSL_CERT_FILE: own.ca };
    return { ...quiet, GH_HOST: own.host, [own.host === 'github.com' ? 'GH_TOKEN' : 'GH_ENTERPRISE_TOKEN']: token, ...ca };
  },
  isDryRun: ([group, verb]) => group === 'pr' && verb === 'diff',
  failures: [
    [/rate limit/i, 'failed'],
    [
      /HTTP 40[13]|Bad credentials|Resource not accessible|Must have admin rights|gh auth login|not accessible by|cannot be rerun/i,
      'forbidden',
    ],
    [/HTTP 404|Could not resolve to a|no pull requests? found|no checks reported|run .* not found|release not found/i, 'not_found'],
    [/HTTP 50[234]|error connecting to|dial tcp|connection refused|no such host|i\/o timeout|x509/i, 'unreachable'],
    [/HTTP 422/, 'bad_input'],
  ],
};
