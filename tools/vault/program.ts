import { tokenIn } from '../credentials.ts';
import type { Program } from '../system.ts';

export const program: Program = {
  name: 'vault',
  version: ['version'],
  // What else it would read (an agent, plugins, a token of its own) is in no variable and not in its home.
  environment: async ({ vault: own }, credentials) => {
    if (own === undefined) return {};
    return {
      VAULT_ADDR: own.address,
      VAULT_TOKEN: await tokenIn(own.token, credentials, 'vault.token'),
      ...(own.namespace === undefined ? {} : { VAULT_NAMESPACE: own.namespace }),
      ...(own.caCert === undefined ? {} : { VAULT_CACERT: own.caCert }),
      // A write is sent once, and never to another address.
      ...{ VAULT_MAX_RETRIES: '0', VAULT_CLIENT_TIMEOUT: '20s', VAULT_DISABLE_REDIRECTS: 'true' },
    };
  },
  failures: [
    [/Code: 40[13]\b|permission denied/, 'forbidden'],
    [/Code: 404\b|No value found|Metadata not supported|No raft cluster|no handler for route|no secret engine mounted/, 'not_found'],
    [/Code: 400\b/, 'bad_input'],
    [/Code: 50[0234]\b.*|connection refused|no such host|i\/o timeout|deadline exceeded|x509:|Client\.Timeout/, 'unreachable'],
  ],
};
