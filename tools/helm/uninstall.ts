import type { Expectation } from '../contract.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { helm, helmWriteTimeoutMs, Release, waiting } from './helm.ts';
import { backTo, wholeRelease } from './rollback.ts';
import { notPending, ReleaseState, statusOf, unchangedSince } from './status.ts';

export const uninstall = write({
  name: 'helm.uninstall',
  tier: 'high',
  summary: 'Take away the objects of a release; its history stays, so that it can be brought back',
  input: Release,
  output: Message,
  command: (input, site) => helm(site, remove(input)),
  dryRun: (input, site) => helm(site, [...remove(input), '--dry-run=true']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: helmWriteTimeoutMs,
  permissions: ['get, list, create, update and delete secrets', 'get, list, watch and delete what the chart holds'],
  state: statusOf,
  stateOutput: ReleaseState,
  gitOwner: (before) => before.gitOwner,
  preconditions: (_input, before) => [...unchangedSince(before), notPending],
  impact: wholeRelease,
  probe: () => gone,
  verification: (input) => [
    { title: `${input.release} is uninstalled`, ...statusOf(input), expect: [...gone], withinSeconds: 60, stableSeconds: 0 },
  ],
  // Volumes that the chart made itself are lost: what they held does not come back.
  rollback: backTo,
});

const gone: readonly Expectation[] = [{ pointer: '/status', op: 'eq', value: 'uninstalled' }];

function remove({ namespace, release }: Release): string[] {
  return ['uninstall', release, `--namespace=${namespace}`, '--keep-history=true', ...waiting];
}
