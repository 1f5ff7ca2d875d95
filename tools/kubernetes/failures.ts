import type { Program } from '../system.ts';

export const kubectlFailures: Program['failures'] = [
  [/context "[^"]*" does not exist|context was not found/, 'context_unknown'],
  [/\(Forbidden\)|is forbidden|\(Unauthorized\)|You must be logged in/, 'forbidden'],
  [/\(NotFound\)|unable to find specified revision|unable to find container|No resources found/, 'not_found'],
  [
    /Unable to connect to the server|was refused|connection refused|no such host|i\/o timeout|Client\.Timeout|context deadline exceeded|\(ServiceUnavailable\)/,
    'unreachable',
  ],
];
