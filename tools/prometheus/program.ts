import type { Program } from '../system.ts';

export const program: Program = {
  name: 'promtool',
  version: ['--version'],
  optional: true,
  // Its only other way to name an authority is a file of settings, which it would take much else from.
  environment: async ({ prometheus: own }) => (own?.ca === undefined ? {} : { SSL_CERT_FILE: own.ca }),
  failures: [
    [/connection refused|no such host|i\/o timeout|context deadline exceeded|server_error/, 'unreachable'],
    [/bad_data|parse error/, 'bad_input'],
  ],
};
