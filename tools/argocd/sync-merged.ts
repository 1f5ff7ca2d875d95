import type { z } from 'zod';
import type { Check, Expectation } from '../contract.ts';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { ApplicationState } from './application.ts';
import { Application, argocd, argocdWriteTimeoutMs, waitSeconds } from './argocd.ts';
import { backTo, nothingBegun, wholeApplication } from './checks.ts';
import { comparing, newerThanDeployed, Proposed } from './merged.ts';
import { appStateOf } from './reads.ts';

/** `namespace` and `name`: the workload that it is about; rules of policy go by them. */
const Input = Application.extend({ change: Proposed, namespace: KubernetesLabel, name: KubernetesName });
type Input = z.infer<typeof Input>;

const commit = '--revision=<merged commit>';

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
      command: comparing({ application, change }, site),
      value: (result) => `--revision=${newerThanDeployed(result, { application, change })}`,
    },
  }),
  noDryRunReason: 'what it deploys is not merged yet: the diff of the change shows it',
  parse: () => ({ message: 'the operation has completed' }),
  timeoutMs: argocdWriteTimeoutMs,
  permissions: ['applications, get', 'applications, sync'],
  state: appStateOf,
  stateOutput: ApplicationState,
  // People who merge may well deploy it themselves: a newer deployment speaks against nothing, and is not put back.
  preconditions: (_input, before) => [
    { pointer: '/uid', op: 'eq', value: before.uid },
    { pointer: '/autoSync/on', op: 'eq', value: false },
  ],
  impact: wholeApplication,
  probe: (_input, before) => anew(before),
  untouched: (_input, before) => nothingBegun(before),
  verification: (input, before) => [deployedAnew(input, before)],
  rollback: (input, before) => {
    const { operation, input: back } = backTo(input, before);
    return { operation, input: { ...back, change: input.change } };
  },
});
