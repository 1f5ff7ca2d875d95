import { pathIn } from '../credentials.ts';
import { kubectlFailures } from '../kubernetes/failures.ts';
import type { Program } from '../system.ts';

export const program: Program = {
  name: 'helm',
  version: ['version', '--template={{.Version}}'],
  // Older ones have faults that a chart or a plugin can use: CVE-2026-35204, CVE-2026-35205, CVE-2026-35206.
  oldest: '3.20.2',
  // No plugin is looked for: they are programs, and their archives could write anywhere (CVE-2026-35204, CVE-2026-35205).
  environment: async ({ kubernetes, helm: own }, credentials) => {
    if (kubernetes === undefined || own === undefined) return {};
    const kubeconfig = await pathIn(
      own.kubeconfig ?? kubernetes.kubeconfig,
      credentials,
      own.kubeconfig ? 'helm.kubeconfig' : 'kubernetes.kubeconfig',
    );
    return { KUBECONFIG: kubeconfig, HELM_DRIVER: own.driver, HELM_NO_PLUGINS: '1', HELM_PLUGINS: '/nonexistent' };
  },
  isDryRun: (argv) => argv.includes('--dry-run=server') || argv.includes('--dry-run=true'),
  failures: [
    ...kubectlFailures,
    [/Kubernetes cluster unreachable|failed to fetch|could not find protocol handler|dial tcp/, 'unreachable'],
    [
      /release: not found|release has no [0-9]+ version|chart .*not found|no chart version found|is not a valid chart repository/,
      'not_found',
    ],
  ],
};
