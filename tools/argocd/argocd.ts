import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { argument, KubernetesName } from '../grammar.ts';
import type { CliCommand, SiteFacts } from '../operation.ts';

/** Milliseconds that a read may take. */
export const argocdTimeoutMs = 30_000;

/** Milliseconds that a write may take: it waits for the application's controller, and gives up before. */
export const argocdWriteTimeoutMs = 100_000;

export const waitSeconds = '--timeout=90';

/** An argocd command line. Server, token and transport come from the environment that the runner fixes. */
export function argocd(site: SiteFacts, argv: readonly string[]): CliCommand {
  if (site.argocd === undefined) throw new SiteIncomplete(`site ${site.name} has no Argo CD: configure sites[].argocd`);
  return { kind: 'cli', binary: 'argocd', argv };
}

export const Application = z.strictObject({ application: KubernetesName });
export type Application = z.infer<typeof Application>;

/** A commit, or the exact version of a chart: never a branch, which means something else a moment later. */
export const Revision = argument(100).regex(
  /^([0-9a-f]{40}|v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?)$/,
  'must be a whole commit id or one exact version',
);
