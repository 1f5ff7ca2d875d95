import type { Logger } from 'pino';
import { findBinaries } from '../../tools/binaries.ts';
import { pathIn } from '../../tools/credentials.ts';
import { createRun, type Run } from '../../tools/run.ts';
import type { Site } from '../../tools/site.ts';
import { type Finding, fine, problem } from './finding.ts';

const limits = { timeoutMs: 10_000, maxOutputBytes: 16_384 };

async function checkContext(run: Run, file: string, site: Site, use: 'read' | 'write'): Promise<readonly Finding[]> {
  const { context = '', kubeconfig } = site.kubernetes ?? {};
  const name = `site ${site.name}, ${use}`;
  const path = kubeconfig === undefined ? null : await pathIn(kubeconfig, use, 'kubernetes.kubeconfig').catch(() => null);
  // That it cannot be got is said of all credentials alike.
  if (path === null) return [];
  const argv = ['config', 'get-contexts', context, '--output=name', `--kubeconfig=${path}`];
  const result = await run({ ...limits, file, argv });
  if (result.kind === 'exited' && result.exitCode === 0) return [fine(name, `context ${context} is known`)];
  const source = kubeconfig?.[use];
  const known = typeof source === 'string' ? source : null;
  return [
    problem(
      name,
      `${known ?? `kubernetes.kubeconfig.${use}`} has no context ${context}`,
      `see which it has: kubectl config get-contexts --kubeconfig=${known ?? 'FILE'}; then correct kubernetes.context or kubernetes.kubeconfig.${use} of the site ${site.name}`,
    ),
  ];
}

/** The context in both of the site's kubeconfigs. Asks no cluster. */
export async function checkKubernetes(site: Site, searchPath: string, log: Logger): Promise<readonly Finding[]> {
  if (site.kubernetes === undefined) return [fine(`site ${site.name}`, 'has no Kubernetes')];
  const file = site.binaries['kubectl'] ?? (await findBinaries(['kubectl'], searchPath))['kubectl'];
  if (file === undefined) return [];
  const run = createRun({ log });
  const contexts = await Promise.all((['read', 'write'] as const).map((use) => checkContext(run, file, site, use)));
  return contexts.flat();
}
