import type { Program } from '../system.ts';

export const program: Program = {
  name: 'git',
  version: ['--version'],
  // Before it the environment could not hold configuration.
  oldest: '2.31',
  failures: [
    [
      /Authentication failed|could not read (Username|Password)|returned error: 40[13]|Permission to .* denied|protected branch/,
      'forbidden',
    ],
    [/not found|Remote branch .* not found/i, 'not_found'],
    [/Could not resolve host|Failed to connect|Connection (refused|timed out)|unable to access|early EOF|hung up/i, 'unreachable'],
  ],
};
