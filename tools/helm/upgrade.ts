import { z } from 'zod';
import { contentHash } from '../canonical.ts';
import type { Expectation } from '../contract.ts';
import { parseJson } from '../json.ts';
import { Message } from '../message.ts';
import { type CliCommand, type SiteFacts, write } from '../operation.ts';
import { isVisible } from '../visible.ts';
import { Chart, sourceOf } from './chart.ts';
import { helm, helmWriteTimeoutMs, Release, releaseOf, waiting } from './helm.ts';
import { backTo, wholeRelease } from './rollback.ts';
import { failedSince, notPending, ReleaseState, statusOf, unchangedSince } from './status.ts';

/** Characters of the values' JSON. */
const limit = 100_000;

const Values = z
  .record(z.string(), z.unknown())
  .refine((values) => JSON.stringify(values).length <= limit, `must have at most ${limit} characters`)
  .refine(isVisible, 'must not contain control or invisible characters');

const Input = Release.extend({
  chart: Chart,
  /** Laid over what the release has, or with `keepValues` false over those of the chart alone. */
  values: Values.default({}),
  keepValues: z.boolean().default(true),
});
type Input = z.infer<typeof Input>;

const Answer = z.object({ version: z.number().int(), manifest: z.string(), info: z.object({ status: z.string() }) });

export const upgrade = write({
  name: 'helm.upgrade',
  tier: 'high',
  summary: 'Upgrade a release to one exact version of its chart, or change its values',
  input: Input,
  output: Message,
  command: (input, site) => change(input, site, []),
  dryRun: (input, site) => change(input, site, ['--dry-run=server', '--hide-secret=true']),
  /** What would be there; all else that helm prints changes with the time. */
  dryRunText: ({ stdout }) => parseJson(Answer, stdout).manifest,
  parse: ({ stdout }) => {
    const { version, info } = parseJson(Answer, stdout);
    return { message: `revision ${version} is ${info.status}` };
  },
  timeoutMs: helmWriteTimeoutMs,
  permissions: ['get, list, create, update and delete secrets', 'get, list, watch, create, patch and delete what the chart holds'],
  state: statusOf,
  stateOutput: ReleaseState,
  gitOwner: (before) => before.gitOwner,
  comparison: (input, before) => ({
    now: { operation: 'helm.get_manifest', input: { ...releaseOf(input), revision: before.revision } },
    after: null,
  }),
  preconditions: (_input, before) => [...unchangedSince(before), notPending],
  impact: wholeRelease,
  probe: upgraded,
  partly: (_input, before) => failedSince(before),
  verification: (input, before) => [
    { title: `${input.release} is upgraded`, ...statusOf(input), expect: upgraded(input, before), withinSeconds: 60, stableSeconds: 5 },
  ],
  rollback: backTo,
});

/** The description tells this upgrade from others, so that it is never done twice. */
function descriptionOf(input: Input): string {
  return `watchkeeper ${contentHash(input).slice(0, 32)}`;
}

function change(input: Input, site: SiteFacts, dry: readonly string[]): CliCommand {
  const values = input.keepValues ? '--reset-then-reuse-values=true' : '--reset-values=true';
  const argv = ['upgrade', input.release, ...sourceOf(input.chart, site), `--namespace=${input.namespace}`, '--values=-', values];
  const rest = [...waiting, '--history-max=20', `--description=${descriptionOf(input)}`, '--output=json'];
  return { ...helm(site, [...argv, ...rest, ...dry]), stdin: JSON.stringify(input.values) };
}

function upgraded(input: Input, before: ReleaseState): Expectation[] {
  return [
    { pointer: '/revision', op: 'gt', value: before.revision },
    { pointer: '/description', op: 'eq', value: descriptionOf(input) },
    { pointer: '/status', op: 'eq', value: 'deployed' },
  ];
}
