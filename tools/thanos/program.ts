import type { Program } from '../system.ts';

export const program: Program = {
  name: 'thanos',
  version: ['--version'],
  optional: true,
  failures: [
    [/AccessDenied|permission denied|403 Forbidden|AuthorizationFailure/i, 'forbidden'],
    [/connection refused|no such host|i\/o timeout|context deadline exceeded/, 'unreachable'],
    [/not a valid UUID|required flag|unknown (long )?flag/, 'bad_input'],
  ],
};
