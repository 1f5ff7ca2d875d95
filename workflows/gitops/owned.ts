import { ApplicationState } from '../../tools/argocd/application.ts';
import { Workload } from '../../tools/kubernetes/kubectl.ts';
import { RolloutState } from '../../tools/kubernetes/rollout-state.ts';
import type { Probe } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import { ranked, type Situation, serviceOf } from '../playbooks/match.ts';
import type { ReadOutput } from '../playbooks/observe.ts';
import type { Estate } from '../ports.ts';
import type { GitOps } from './contract.ts';

export type Service = Estate['services'][number];

/** The configured service that a step changes. */
export function serviceAt(
  { services }: Pick<Estate, 'services'>,
  { site, input }: { readonly site: string; readonly input: Readonly<Record<string, unknown>> },
): Service | undefined {
  return services.find((one) => one.site === site && one.namespace === input['namespace'] && one.name === input['name']);
}

export function workloadIn({ kind, namespace, name }: Readonly<Record<string, unknown>>): Workload | null {
  return Workload.safeParse({ kind, namespace, name }).data ?? null;
}

export function rolloutOf(output: ReadOutput, site: string, workload: Workload): RolloutState | null {
  return RolloutState.safeParse(output(site, 'kubernetes.rollout_state', workload)).data ?? null;
}

export function stateOf(output: ReadOutput, site: string, application: string): ApplicationState | null {
  return ApplicationState.safeParse(output(site, 'argocd.app_get', { application })).data ?? null;
}

/** As configured; else as the workload is marked. Null: no Argo CD deploys it, as far as is known. */
export function applicationOf({ application }: GitOps, gitOwner: string | null): string | null {
  return application ?? /^Argo CD application ([a-z0-9][a-z0-9.-]*)$/.exec(gitOwner ?? '')?.[1] ?? null;
}

/** Findings for which it is read how what deploys them stands. */
const mostFindings = 2;

/** What a change by way of Git takes to be proposed, beyond what was read. */
export function readsByGit(findings: readonly Finding[], situation: Situation, output: ReadOutput): readonly Probe[] {
  const wanted = ranked(findings)
    .slice(0, mostFindings)
    .flatMap((finding) => {
      const gitops = serviceOf(finding, situation.estate)?.gitops;
      return gitops === undefined ? [] : readsFor(finding, gitops, situation, output);
    });
  return [...new Map(wanted.map((probe) => [`${probe.site} ${probe.title}`, probe])).values()];
}

function readsFor({ entity, facts }: Finding, gitops: GitOps, { estate }: Situation, output: ReadOutput): readonly Probe[] {
  const { site, namespace, name } = entity;
  const has = (system: string) => estate.sites.find((one) => one.name === site)?.systems.includes(system) === true;
  const workload = workloadIn({ kind: facts['workloadKind'] ?? entity.kind, namespace, name });
  if (workload === null || !has('kubernetes')) return [];
  const state = rolloutOf(output, site, workload);
  if (state === null)
    return [{ site, title: `Rollout of ${workload.kind} ${name}`, operation: 'kubernetes.rollout_state', input: workload }];
  const application = applicationOf(gitops, state.gitOwner ?? null);
  if (application === null || !has('argocd') || stateOf(output, site, application) !== null) return [];
  return [{ site, title: `Application ${application} in Argo CD`, operation: 'argocd.app_get', input: { application } }];
}
