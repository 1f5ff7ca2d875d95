import { z } from 'zod';
import type { Check, Expectation } from '../contract.ts';
import { NotFound, OutputMalformed } from '../errors.ts';
import { Branch, CommitId, Planned } from '../git/grammar.ts';
import { changeState, changeStateRequest } from '../github/change.ts';
import { RepositoryName } from '../github/gh.ts';
import { ProjectPath } from '../gitlab/api.ts';
import { mergedCommit, mergedRequest } from '../gitlab/merged.ts';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { Message } from '../message.ts';
import { type SiteFacts, write } from '../operation.ts';
import { ApplicationState } from './application.ts';
import { Application, argocd, argocdWriteTimeoutMs, waitSeconds } from './argocd.ts';
import { backTo, wholeApplication } from './checks.ts';
import { appStateOf } from './reads.ts';

const Change = Planned.extend({ base: Branch, repository: z.string() });

/** By whose word a change was merged, and as what; null: it is not. */
const forges = {
  github: { ask: changeStateRequest, merged: (stdout: string, change: z.infer<typeof Change>) => mergeCommit(stdout, change) },
  gitlab: { ask: mergedRequest, merged: mergedCommit },
} as const;

function mergeCommit(stdout: string, change: z.infer<typeof Change>): string | null {
  const { request } = changeState.parse({ exitCode: 0, stdout, stderr: '' }, change);
  return request?.state === 'merged' ? (request.mergeCommit ?? '') : null;
}

/** A change that a step before proposed; what it is merged as is not known before that. */
const Proposed = z.discriminatedUnion('forge', [
  Change.extend({ forge: z.literal('github'), repository: RepositoryName }),
  Change.extend({ forge: z.literal('gitlab'), repository: ProjectPath }),
]);

/** `namespace` and `name`: the workload that it is about; rules of policy go by them. */
const Input = Application.extend({ change: Proposed, namespace: KubernetesLabel, name: KubernetesName });
type Input = z.infer<typeof Input>;

const commit = '--revision=<merged commit>';

const askFor = ({ forge, ...change }: z.infer<typeof Proposed>, site: SiteFacts) => forges[forge].ask(change, site);

function mergedAs(stdout: string, { forge, ...change }: z.infer<typeof Proposed>): string {
  const commitId = forges[forge].merged(stdout, change);
  if (commitId === null) throw new NotFound('the change is not merged');
  const known = CommitId.safeParse(commitId);
  if (!known.success) throw new OutputMalformed('the forge did not say what the change was merged as');
  return `--revision=${known.data}`;
}

/** A deployment since then; another one of before does not count. */
function anew(before: ApplicationState): Expectation[] {
  return [
    { pointer: '/historyId', op: 'gt', value: before.historyId },
    { pointer: '/operation/phase', op: 'eq', value: 'Succeeded' },
  ];
}

/** Whether it is healthy then, whoever proposes it adds: how long that may take is the workload's to say. */
function deployedAnew(input: Input, before: ApplicationState): Check {
  return {
    title: `${input.application} is deployed anew`,
    ...appStateOf(input),
    ...{ expect: anew(before), withinSeconds: 60, stableSeconds: 0 },
  };
}

export const syncMerged = write({
  name: 'argocd.sync_merged',
  // That it is to be deployed, people said when they merged it; without a dry run it counts as medium.
  tier: 'low',
  summary: 'Deploy a change as it was merged, where Argo CD does not by itself',
  input: Input,
  output: Message,
  planned: ({ change, ...input }, { plan }) => ({ ...input, change: { ...(change as object), plan } }),
  command: ({ application, change }, site) => ({
    ...argocd(site, ['app', 'sync', application, commit, '--prune=false', waitSeconds, '--output=json']),
    bound: {
      placeholder: commit,
      command: askFor(change, site),
      value: ({ stdout }) => mergedAs(stdout, change),
    },
  }),
  noDryRunReason: 'what it deploys is not merged yet: the diff of the change shows it',
  parse: () => ({ message: 'the operation has completed' }),
  timeoutMs: argocdWriteTimeoutMs,
  permissions: ['applications, get', 'applications, sync'],
  state: appStateOf,
  stateOutput: ApplicationState,
  // People who merge may well deploy it themselves: a newer deployment speaks against nothing.
  preconditions: (_input, before) => [
    { pointer: '/uid', op: 'eq', value: before.uid },
    { pointer: '/autoSync/on', op: 'eq', value: false },
  ],
  impact: wholeApplication,
  probe: (_input, before) => anew(before),
  verification: (input, before) => [deployedAnew(input, before)],
  rollback: backTo,
});
