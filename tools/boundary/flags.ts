import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'boundary',
  allowed: ['format', 'id', 'scope-id', 'recursive', 'host-catalog-id', 'principal'],
  refused: [
    ...['addr', 'ca-cert', 'ca-path', 'client-cert', 'client-key', 'tls-insecure', 'tls-server-name', 'token'],
    ...['token-name', 'keyring-type', 'recovery-config', 'output-curl-string', 'exec', 'listen-addr', 'filter', 'attr'],
    ...['attributes', 'host-id', 'target-id', 'version'],
  ],
};
