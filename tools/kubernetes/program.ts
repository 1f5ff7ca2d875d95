import { pathIn } from '../credentials.ts';
import type { Program } from '../system.ts';
import { kubectlFailures } from './failures.ts';

export const program: Program = {
  name: 'kubectl',
  version: ['version', '--client=true', '--output=json'],
  // KUBERC=off keeps kubectl from reading preferences, which may add arguments to a command.
  environment: async ({ kubernetes }, credentials) =>
    kubernetes === undefined
      ? {}
      : { KUBECONFIG: await pathIn(kubernetes.kubeconfig, credentials, 'kubernetes.kubeconfig'), KUBERC: 'off' },
  isDryRun: (argv) => argv.includes('--dry-run=server'),
  failures: kubectlFailures,
};
