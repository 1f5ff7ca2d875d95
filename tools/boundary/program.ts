import { tokenIn } from '../credentials.ts';
import type { Program } from '../system.ts';

export const program: Program = {
  name: 'boundary',
  version: ['version'],
  // No keyring, no cache of its own: the token is in the environment alone.
  environment: async ({ boundary: own }, credentials) => {
    if (own === undefined) return {};
    return {
      BOUNDARY_ADDR: own.address,
      BOUNDARY_TOKEN: await tokenIn(own.token, credentials, 'boundary.token'),
      ...{ BOUNDARY_KEYRING_TYPE: 'none', BOUNDARY_SKIP_CACHE_DAEMON: 'true' },
      ...(own.caCert === undefined ? {} : { BOUNDARY_CACERT: own.caCert }),
    };
  },
  failures: [
    [/"kind":\s*"(PermissionDenied|Unauthenticated|Forbidden)"|"status_code":\s*40[13]\b/, 'forbidden'],
    [/"kind":\s*"NotFound"|"status_code":\s*404\b/, 'not_found'],
    [/"kind":\s*"InvalidArgument"|"status_code":\s*400\b/, 'bad_input'],
    [/connection refused|no such host|i\/o timeout|deadline exceeded|x509:|"status_code":\s*50[234]\b/, 'unreachable'],
  ],
};
