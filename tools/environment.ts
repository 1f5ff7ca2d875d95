import type { RunnerSite } from './ports.ts';

export type Credentials = 'read' | 'write';

/**
 * What a program of the site gets beyond the fixed environment of run.ts: where its credentials are. KUBERC=off keeps
 * kubectl from reading preferences, which may add arguments to a command.
 */
export function environmentFor(site: RunnerSite, binary: string, credentials: Credentials): Record<string, string> {
  if (binary !== 'kubectl' || site.kubernetes === null) return {};
  return { KUBECONFIG: site.kubernetes.kubeconfig[credentials], KUBERC: 'off' };
}
