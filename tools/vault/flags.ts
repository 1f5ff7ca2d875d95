import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'vault',
  allowed: ['format', 'mount', 'accessor', 'force', 'increment', 'sync'],
  refused: [
    ...['address', 'agent-address', 'ca-cert', 'ca-path', 'client-cert', 'client-key', 'header', 'mfa', 'namespace'],
    ...['ns', 'non-interactive', 'output-curl-string', 'output-policy', 'policy-override', 'tls-server-name'],
    ...['tls-skip-verify', 'unlock-key', 'wrap-ttl', 'field', 'prefix', 'self', 'version'],
  ],
};
