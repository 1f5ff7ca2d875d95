import type { Program } from '../system.ts';

export const program: Program = {
  name: 'tempo-cli',
  version: ['--version'],
  optional: true,
  failures: [
    [/connection refused|no such host|i\/o timeout|context deadline exceeded|\b50[234]\b/, 'unreachable'],
    [/trace not found|\b404\b/, 'not_found'],
    [/\b40[13]\b/, 'forbidden'],
    [/\b400\b|parse error|invalid TraceQL/, 'bad_input'],
  ],
};
