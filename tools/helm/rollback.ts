import { z } from 'zod';
import type { Expectation, Impact } from '../contract.ts';
import { TargetMissing } from '../errors.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { helm, helmWriteTimeoutMs, Release, releaseOf, waiting } from './helm.ts';
import { failedSince, ReleaseState, statusOf, unchangedSince } from './status.ts';

const Input = Release.extend({ toRevision: z.int().positive() });
type Input = z.infer<typeof Input>;

/** Also the way out of a release that somebody left pending. */
export const rollback = write({
  name: 'helm.rollback',
  tier: 'medium',
  summary: 'Bring an earlier revision of a release back, as a new revision',
  input: Input,
  output: Message,
  command: (input, site) => helm(site, back(input)),
  dryRun: (input, site) => helm(site, [...back(input), '--dry-run=true']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: helmWriteTimeoutMs,
  permissions: ['get, list, create, update and delete secrets', 'get, list, watch, create, patch and delete what the chart holds'],
  state: statusOf,
  stateOutput: ReleaseState,
  gitOwner: (before) => before.gitOwner,
  comparison: (input, before) => ({ now: manifestOf(input, before.revision), after: manifestOf(input, input.toRevision) }),
  preconditions: (_input, before) => unchangedSince(before),
  impact: wholeRelease,
  probe: brought,
  partly: (_input, before) => failedSince(before),
  verification: (input, before) => [
    {
      title: `${input.release} is back at revision ${input.toRevision}`,
      ...statusOf(input),
      expect: brought(input, before),
      withinSeconds: 60,
      stableSeconds: 5,
    },
  ],
  // Where the release did not work before, there is nothing better to go back to than what is brought back.
  rollback: (input, before) => (before.status === 'deployed' ? backTo(input, before) : { operation: 'helm.rollback', input }),
});

function back({ namespace, release, toRevision }: Input): string[] {
  return ['rollback', release, String(toRevision), `--namespace=${namespace}`, ...waiting, '--history-max=20'];
}

function manifestOf(input: Release, revision: number) {
  return { operation: 'helm.get_manifest', input: { ...releaseOf(input), revision } };
}

function brought({ toRevision }: Input, before: ReleaseState): Expectation[] {
  return [
    { pointer: '/revision', op: 'gt', value: before.revision },
    { pointer: '/rollbackTo', op: 'eq', value: toRevision },
    { pointer: '/status', op: 'eq', value: 'deployed' },
  ];
}

/** Every object may change. */
export function wholeRelease(_input: Release, before: ReleaseState): Impact {
  return { targets: 1, replicas: before.replicas, percent: 100 };
}

/** To the revision that was there. Throws TargetMissing when there was none, or none that worked. */
export function backTo(input: Release, before: ReleaseState) {
  if (before.status === 'deployed') return { operation: 'helm.rollback', input: { ...releaseOf(input), toRevision: before.revision } };
  const what = before.exists ? `is ${before.status}, not deployed` : 'does not exist';
  throw new TargetMissing(`the release ${input.namespace}/${input.release} ${what}: there is nothing to go back to`);
}
