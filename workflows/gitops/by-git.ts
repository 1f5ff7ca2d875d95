import type { ApplicationState } from '../../tools/argocd/application.ts';
import type { Check } from '../../tools/contract.ts';
import type { Edit } from '../../tools/git/edit.ts';
import type { RolloutState } from '../../tools/kubernetes/rollout-state.ts';
import type { PlanDraft, StepDraft } from '../contracts/plan.ts';
import type { Operations } from '../playbooks/compiled.ts';
import type { ReadOutput } from '../playbooks/observe.ts';
import type { Estate } from '../ports.ts';
import type { GitOps } from './contract.ts';
import { editOf, type Workload } from './edits.ts';
import { applicationOf, rolloutOf, type Service, serviceAt, stateOf, workloadIn } from './owned.ts';
import { holding, returnedWords, type Wish, wishesOfAll } from './wishes.ts';

export interface ByGitDeps {
  readonly operations: Pick<Operations, 'get'>;
  readonly estate: Pick<Estate, 'services' | 'sites'>;
  readonly output: ReadOutput;
}

/** `refused`: Git owns the target, and the fix cannot be said as a change of its files; in words. */
export type ByGit = { readonly kind: 'draft'; readonly draft: PlanDraft } | { readonly kind: 'refused'; readonly words: string };

/** Characters of a goal. */
const mostGoal = 500;

/** Seconds after a merge until Argo CD or Flux, who look by themselves, have taken it up. */
const followSeconds = 600;

/** How the rollout stands when the change is there, or gone. */
function rollout(workload: Workload & { namespace: string }, wishes: readonly Wish[], which: 'from' | 'to', withinSeconds: number): Check {
  const complete = [
    { pointer: '/complete', op: 'eq' as const, value: true },
    { pointer: '/progressDeadlineExceeded', op: 'eq' as const, value: false },
  ];
  const expect = wishes.map((wish) => holding(wish, which));
  return {
    title: which === 'to' ? `Rollout of ${workload.name} is complete with the change` : `${workload.name} is as it was before`,
    operation: 'kubernetes.rollout_state',
    input: { ...workload },
    // As it was may have been broken.
    expect: which === 'to' ? [...complete, ...expect] : expect,
    withinSeconds,
    stableSeconds: which === 'to' ? 10 : 2,
  };
}

function healthy(application: string, withinSeconds: number): Check {
  return {
    title: `${application} is healthy`,
    ...{ operation: 'argocd.app_get', input: { application } },
    expect: [{ pointer: '/health', op: 'eq', value: 'Healthy' }],
    ...{ withinSeconds, stableSeconds: 10 },
  };
}

interface Found {
  readonly service: Service;
  readonly gitops: GitOps;
  readonly workload: Workload & { readonly namespace: string };
  readonly state: RolloutState;
  /** Null: no Argo CD of the site deploys it. */
  readonly application: { readonly name: string; readonly state: ApplicationState } | null;
}

function changeOf({ gitops }: Found, draft: PlanDraft, edits: readonly Edit[]): Pick<StepDraft, 'operation' | 'input'> {
  const { forge, repository, branch: base, merge, withinMinutes } = gitops;
  const title = draft.goal.replaceAll(/\s+/g, ' ').slice(0, 120).trim();
  return {
    operation: `${forge}.${merge === 'rules' ? 'change_and_merge' : 'change'}`,
    input: { repository, base, title, edits: [...edits], ...(merge === 'rules' ? {} : { until: 'merged' }), withinMinutes },
  };
}

const requests = { github: 'pull request', gitlab: 'merge request' } as const;

const after = ([first, ...rest]: readonly Check[]): Check[] => (first === undefined ? [] : [{ ...first, afterOthers: true }, ...rest]);

const later = (checks: readonly Check[], seconds: number): Check[] =>
  checks.map((check) => ({ ...check, withinSeconds: check.withinSeconds + seconds }));

/** What the direct writes would reach, together, is reached by the change of their files as well: budgets of policy count it. */
function effectOf(directs: readonly StepDraft[], { state }: Found, { operations }: ByGitDeps): Pick<StepDraft, 'effect'> {
  const all = directs.flatMap((direct) => {
    const operation = operations.get(direct.operation);
    const input = operation?.input.safeParse(direct.input);
    return operation?.kind === 'write' && input?.success === true ? [operation.impact(input.data, state)] : [];
  });
  if (all.length < directs.length) return {};
  return {
    effect: {
      targets: Math.max(...all.map(({ targets }) => targets)),
      replicas: all.reduce((sum, { replicas }) => sum + replicas, 0),
      percent: Math.min(
        100,
        all.reduce((sum, { percent }) => sum + percent, 0),
      ),
    },
  };
}

/** Argo CD deploys what is merged by itself, or is told to; without it, whatever deploys it is waited for. */
function stepsOf(
  found: Found,
  draft: PlanDraft,
  {
    wishes,
    edits,
    effect,
  }: { readonly wishes: readonly Wish[]; readonly edits: readonly Edit[]; readonly effect: Pick<StepDraft, 'effect'> },
): StepDraft[] {
  const { service, gitops, workload, application } = found;
  const { site } = service;
  const change = changeOf(found, draft, edits);
  const within = service.verifyWithinSeconds;
  const checks = [
    rollout(workload, wishes, 'to', within),
    ...(application === null ? [] : [healthy(application.name, within)]),
    ...draft.steps.flatMap(({ verification }) => verification),
  ];
  if (application === null || application.state.autoSync.on) {
    const undone = after([rollout(workload, wishes, 'from', followSeconds)]);
    // Whether it helps shows only once it is deployed.
    const verification = [...after(later(checks.slice(0, 1), followSeconds)), ...after(checks.slice(1))];
    return [{ ...change, site, verification, undone, ...effect }];
  }
  const { forge, repository, branch: base } = gitops;
  const input = {
    application: application.name,
    ...{ namespace: workload.namespace, name: workload.name, change: { forge, repository, base, step: 's1' } },
  };
  return [
    { ...change, site, verification: [], ...effect },
    { operation: 'argocd.sync_merged', site, input, verification: checks },
  ];
}

function foundFor(direct: StepDraft, service: Service, gitops: GitOps, { output, estate }: ByGitDeps): Found | string {
  const workload = workloadIn(direct.input);
  const state = workload === null ? null : rolloutOf(output, direct.site, workload);
  if (workload === null || state === null) return 'how its rollout stands could not be read';
  const name = applicationOf(gitops, state.gitOwner ?? null);
  const hasArgo = estate.sites.find((site) => site.name === direct.site)?.systems.includes('argocd') === true;
  if (name === null || !hasArgo) return { service, gitops, workload, state, application: null };
  const application = stateOf(output, direct.site, name);
  if (application === null) return `how application ${name} of Argo CD stands could not be read`;
  if (!application.autoSync.on && application.sync !== 'Synced')
    return `application ${name} of Argo CD has other differences that are not deployed yet, and they would go out with it`;
  return { service, gitops, workload, state, application: { name, state: application } };
}

function editsOf({ gitops, workload, state }: Found, wishes: readonly Wish[]): readonly Edit[] | string {
  const all = wishes.map((wish) => editOf(gitops, workload, state, wish));
  return all.find((edit) => typeof edit === 'string') ?? all.filter((edit) => typeof edit !== 'string');
}

/** Whether every step is a change of that service's one workload: rules and owners are those of one service. */
function isOfOne({ steps }: PlanDraft, service: Service, deps: ByGitDeps): boolean {
  const workloads = new Set(steps.map(({ input }) => JSON.stringify(workloadIn(input))));
  return workloads.size === 1 && steps.every((step) => contradicts(step, deps) && serviceAt(deps.estate, step) === service);
}

function owned(draft: PlanDraft, direct: StepDraft, service: Service, gitops: GitOps, deps: ByGitDeps): ByGit {
  const refused = (why: string): ByGit => ({
    kind: 'refused',
    words: `${draft.goal}: Git (${gitops.repository}) says what ${service.name} is, so this is a change there, and I cannot propose it: ${why}.`,
  });
  const { steps } = draft;
  if (!isOfOne(draft, service, deps))
    return refused('the plan has several steps, and not all of them change this one workload by its files');
  const found = foundFor(direct, service, gitops, deps);
  if (typeof found === 'string') return refused(found);
  const wishes = wishesOfAll(steps, found.state);
  if (wishes === undefined) return refused(`${steps.map(({ operation }) => operation).join(', ')} is nothing that a file says`);
  if (typeof wishes === 'string') return refused(wishes);
  const edits = editsOf(found, wishes);
  if (typeof edits === 'string') return refused(edits);
  const owner = found.state.gitOwner ?? 'Git';
  const way = `, by ${requests[gitops.forge]} to ${gitops.repository}: ${owner} owns it, a direct write would not last`;
  const tail = `${way}${returnedWords(steps, found.state, wishes)}`.slice(0, mostGoal);
  const goal = `${draft.goal.slice(0, mostGoal - tail.length)}${tail}`;
  return {
    kind: 'draft',
    draft: { ...draft, goal, steps: stepsOf(found, draft, { wishes, edits, effect: effectOf(steps, found, deps) }) },
  };
}

/** Whether Git would undo what a step writes, where it owns the target. */
function contradicts({ operation: name }: StepDraft, { operations }: ByGitDeps): boolean {
  const operation = operations.get(name);
  return operation?.kind === 'write' && operation.gitOwner !== undefined;
}

/**
 * What a draft is where configuration says that Git owns its target: a pull request with the same effect, instead of a direct write. Steps
 * that contradict nothing that Git says stay as they are.
 */
export function byGit(draft: PlanDraft, deps: ByGitDeps): ByGit {
  for (const step of draft.steps) {
    if (!contradicts(step, deps)) continue;
    const service = serviceAt(deps.estate, step);
    if (service?.gitops !== undefined) return owned(draft, step, service, service.gitops, deps);
  }
  return { kind: 'draft', draft };
}
