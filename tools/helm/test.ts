import type { Expectation } from '../contract.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { helm, helmWriteTimeoutMs, Release } from './helm.ts';
import { ReleaseState, statusOf, unchangedSince } from './status.ts';

export const test = write({
  name: 'helm.test',
  tier: 'low',
  summary: 'Run the tests that the chart of a release brings, as pods in its namespace',
  input: Release,
  output: Message,
  command: ({ namespace, release }, site) =>
    helm(site, ['test', release, `--namespace=${namespace}`, '--timeout=90s', '--hide-notes=true']),
  noDryRunReason: 'helm test has no dry run',
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: helmWriteTimeoutMs,
  permissions: ['get, list, create and update secrets', 'get, list, watch, create and delete pods and whatever the tests are'],
  state: statusOf,
  stateOutput: ReleaseState,
  preconditions: (_input, before) => [...unchangedSince(before), { pointer: '/tests/count', op: 'gt', value: 0 }],
  impact: (_input, before) => ({ targets: 1, replicas: before.tests.count, percent: 0 }),
  probe: (_input, before) => ran(before),
  verification: (input, before) => [
    {
      title: `The tests of ${input.release} passed`,
      ...statusOf(input),
      expect: [...ran(before), { pointer: '/tests/failed', op: 'eq', value: 0 }],
      withinSeconds: 30,
      stableSeconds: 0,
    },
  ],
  irreversibleReason: 'tests that ran cannot be undone; the release is unchanged',
});

function ran(before: ReleaseState): Expectation[] {
  return [{ pointer: '/tests/lastAt', op: 'ne', value: before.tests.lastAt }];
}
