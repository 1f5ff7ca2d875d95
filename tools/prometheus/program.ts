import type { Program } from '../system.ts';

export const program: Program = {
  name: 'promtool',
  version: ['--version'],
  optional: true,
  failures: [
    [/connection refused|no such host|i\/o timeout|context deadline exceeded|server_error/, 'unreachable'],
    [/bad_data|parse error/, 'bad_input'],
  ],
};
