import { readFile } from 'node:fs/promises';
import { SiteIncomplete } from './errors.ts';
import type { RunnerSite } from './ports.ts';

export type Credentials = 'read' | 'write';

type Environment = Readonly<Record<string, string>>;

/** KUBERC=off keeps kubectl from reading preferences, which may add arguments to a command. */
async function kubectl({ kubernetes }: RunnerSite, credentials: Credentials): Promise<Environment> {
  return kubernetes === null ? {} : { KUBECONFIG: kubernetes.kubeconfig[credentials], KUBERC: 'off' };
}

/** No plugin is looked for: they are programs, and their archives could write anywhere (CVE-2026-35204, CVE-2026-35205). */
async function helm({ kubernetes, helm: own }: RunnerSite, credentials: Credentials): Promise<Environment> {
  if (kubernetes === null || own === null) return {};
  const kubeconfig = (own.kubeconfig ?? kubernetes.kubeconfig)[credentials];
  return { KUBECONFIG: kubeconfig, HELM_DRIVER: own.driver, HELM_NO_PLUGINS: '1', HELM_PLUGINS: '/nonexistent' };
}

const transports = { tls: '', 'grpc-web': '--grpc-web', plaintext: '--plaintext' } as const;

/** Read each time, so that a token may be renewed while the runner runs. */
async function argocd({ argocd: own }: RunnerSite, credentials: Credentials): Promise<Environment> {
  if (own === null) return {};
  const token = (await readFile(own.token[credentials], 'utf8').catch(() => '')).trim();
  if (token === '') throw new SiteIncomplete(`argocd.token.${credentials} of the site cannot be read, or is empty`);
  return { ARGOCD_SERVER: own.server, ARGOCD_AUTH_TOKEN: token, ARGOCD_OPTS: transports[own.transport] };
}

const environments: Readonly<Record<string, (site: RunnerSite, credentials: Credentials) => Promise<Environment>>> = {
  kubectl,
  helm,
  argocd,
};

/** What a program of the site gets beyond the fixed environment of run.ts: where its credentials are. Throws SiteIncomplete. */
export async function environmentFor(site: RunnerSite, binary: string, credentials: Credentials): Promise<Environment> {
  return (await environments[binary]?.(site, credentials)) ?? {};
}
