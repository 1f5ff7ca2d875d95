import type { Check, Expectation, Impact } from '../contract.ts';
import { TargetMissing } from '../errors.ts';
import type { ApplicationState } from './application.ts';
import type { Application } from './argocd.ts';
import { appStateOf } from './reads.ts';

/** The same application, with the same deployment and nothing under way; and Git does not decide by itself. */
export function settled(before: ApplicationState): Expectation[] {
  return [
    { pointer: '/uid', op: 'eq', value: before.uid },
    { pointer: '/historyId', op: 'eq', value: before.historyId },
    { pointer: '/autoSync/on', op: 'eq', value: false },
    before.operation === null
      ? { pointer: '/operation', op: 'eq', value: null }
      : { pointer: '/operation/running', op: 'eq', value: false },
  ];
}

/** No operation has begun since: one that failed leaves the newest deployment as it is, and may have changed some of its objects. */
export function nothingBegun(before: ApplicationState): Expectation[] {
  return [
    { pointer: '/historyId', op: 'eq', value: before.historyId },
    before.operation === null
      ? { pointer: '/operation', op: 'eq', value: null }
      : { pointer: '/operation/startedAt', op: 'eq', value: before.operation.startedAt },
  ];
}

/** A new deployment of that revision; another one of it may have been there before. */
export function deployed(revision: string, before: ApplicationState): Expectation[] {
  return [
    { pointer: '/historyId', op: 'gt', value: before.historyId },
    { pointer: '/deployedRevision', op: 'eq', value: revision },
    { pointer: '/operation/phase', op: 'eq', value: 'Succeeded' },
  ];
}

export function healthy(input: Application, effect: readonly Expectation[]): Check {
  return {
    title: `${input.application} is deployed and healthy`,
    ...appStateOf(input),
    expect: [...effect, { pointer: '/health', op: 'eq', value: 'Healthy' }],
    withinSeconds: 180,
    stableSeconds: 10,
  };
}

/** Every object of the application may change. */
export function wholeApplication(_input: unknown, before: ApplicationState): Impact {
  return { targets: 1, replicas: before.resources.total, percent: 100 };
}

/** To the deployment that was there. Throws TargetMissing when there was none. */
export function backTo({ application }: Application, before: ApplicationState) {
  if (before.historyId < 0) throw new TargetMissing(`${application} was never deployed: there would be no way back`);
  return { operation: 'argocd.rollback', input: { application, toId: before.historyId, revision: before.deployedRevision } };
}
