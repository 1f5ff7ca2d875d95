import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import type { CliCommand, SiteFacts } from '../operation.ts';

/** Below every operation's own limit, so that kubectl itself says that the server did not answer. */
const requestTimeout = '--request-timeout=20s';

/** Milliseconds that a kubectl call may take. */
export const kubectlTimeoutMs = 30_000;

/**
 * A kubectl command line for the site's context. Values stand in `--flag=value` form or behind a `type/` prefix, so none
 * can be read as a flag; credentials come from the environment that the runner fixes.
 */
export function kubectl(site: SiteFacts, argv: readonly string[]): CliCommand {
  if (site.kubernetes === undefined) throw new SiteIncomplete(`site ${site.name} has no Kubernetes context`);
  return { kind: 'cli', binary: 'kubectl', argv: [...argv, `--context=${site.kubernetes.context}`, requestTimeout] };
}

/** Kinds with a rollout. */
export const WorkloadKind = z.enum(['deployment', 'statefulset', 'daemonset']);
export type WorkloadKind = z.infer<typeof WorkloadKind>;

export const Workload = z.strictObject({ kind: WorkloadKind, namespace: KubernetesLabel, name: KubernetesName });
export type Workload = z.infer<typeof Workload>;

/** `deployment.apps/web`. */
export function ref(workload: Workload): string {
  return `${workload.kind}.apps/${workload.name}`;
}

/** The workload alone, of an input that says more. */
export function workloadOf(input: Workload): Workload {
  return { kind: input.kind, namespace: input.namespace, name: input.name };
}
