import type { RunnerSite } from './ports.ts';

export type Credentials = 'read' | 'write';

/** KUBERC=off keeps kubectl from reading preferences, which may add arguments to a command. */
function kubectl({ kubernetes }: RunnerSite, credentials: Credentials): Record<string, string> {
  return kubernetes === null ? {} : { KUBECONFIG: kubernetes.kubeconfig[credentials], KUBERC: 'off' };
}

/** No plugin is looked for: they are programs, and their archives could write anywhere (CVE-2026-35204, CVE-2026-35205). */
function helm({ kubernetes, helm: own }: RunnerSite, credentials: Credentials): Record<string, string> {
  if (kubernetes === null || own === null) return {};
  const kubeconfig = (own.kubeconfig ?? kubernetes.kubeconfig)[credentials];
  return { KUBECONFIG: kubeconfig, HELM_DRIVER: own.driver, HELM_NO_PLUGINS: '1', HELM_PLUGINS: '/nonexistent' };
}

const environments: Readonly<Record<string, (site: RunnerSite, credentials: Credentials) => Record<string, string>>> = { kubectl, helm };

/** What a program of the site gets beyond the fixed environment of run.ts: where its credentials are. */
export function environmentFor(site: RunnerSite, binary: string, credentials: Credentials): Record<string, string> {
  return environments[binary]?.(site, credentials) ?? {};
}
