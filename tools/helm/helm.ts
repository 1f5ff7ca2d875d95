import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { argument, KubernetesLabel } from '../grammar.ts';
import type { CliCommand, SiteFacts } from '../operation.ts';

/** Milliseconds that a read may take. */
export const helmTimeoutMs = 30_000;

/** Milliseconds that a write may take: helm itself gives up before, and says so. */
export const helmWriteTimeoutMs = 100_000;

/** What a write waits for, and how long; helm marks the release as failed after that. */
export const waiting: readonly string[] = ['--wait=true', '--timeout=90s'];

/** A helm command line for the site's context. Credentials, storage driver and the ban of plugins come from the environment that the runner fixes. */
export function helm(site: SiteFacts, argv: readonly string[]): CliCommand {
  if (site.kubernetes === undefined || site.helm === undefined)
    throw new SiteIncomplete(`site ${site.name} has no Helm: configure sites[].helm and sites[].kubernetes`);
  return { kind: 'cli', binary: 'helm', argv: [...argv, `--kube-context=${site.kubernetes.context}`] };
}

/** Helm's own limit of 53 leaves room for what it appends. */
export const ReleaseName = argument(53).regex(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  'must be the name of a release',
);

export const Release = z.strictObject({ namespace: KubernetesLabel, release: ReleaseName });
export type Release = z.infer<typeof Release>;

/** The release alone, of an input that says more. */
export function releaseOf({ namespace, release }: Release): Release {
  return { namespace, release };
}
