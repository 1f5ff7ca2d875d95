import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { NotFound, TargetMissing } from '../errors.ts';
import { type Bound, type CliCommand, type SiteFacts, write } from '../operation.ts';
import { amtool, amtoolTimeoutMs } from './amtool.ts';
import { allSilences, matching, type Silence, silencesOf, Which } from './silence.ts';
import { SilenceState } from './silence-state.ts';

/** Stands in the command line until the silence is looked up: its id exists only once it was added. */
const placeholder = 'ID-OF-THE-SILENCE';

function lookup(input: Which, site: SiteFacts): Bound {
  return {
    placeholder,
    command: allSilences(site),
    value: ({ stdout }) => {
      const [only, ...more] = matching(input, silencesOf(stdout));
      if (only === undefined) throw new NotFound('there is no such silence');
      if (more.length > 0) throw new NotFound('there are several such silences');
      return only.id;
    },
  };
}

function expire(input: Which, site: SiteFacts): CliCommand {
  const words = ['silence', 'expire'];
  if ('id' in input) return amtool(site, words, [], [input.id]);
  return { ...amtool(site, words, [], [placeholder]), bound: lookup(input, site) };
}

function silenceOf({ silence }: SilenceState): Silence {
  if (silence === null) throw new TargetMissing('there is no such silence, or more than one');
  return silence;
}

export const silenceExpire = write({
  name: 'alertmanager.silence_expire',
  tier: 'low',
  summary: 'End a silence: its alerts are sent again',
  input: Which,
  // amtool says nothing where it succeeds.
  output: z.object({}),
  command: expire,
  noDryRunReason: 'amtool silence expire has no dry run',
  parse: () => ({}),
  timeoutMs: amtoolTimeoutMs,
  permissions: ['GET /api/v2/silences', 'DELETE /api/v2/silence/{silenceID}'],
  state: (input) => ({ operation: 'alertmanager.silence_state', input }),
  stateOutput: SilenceState,
  preconditions: (_input, before) => {
    const { id, endsAt } = silenceOf(before);
    return [
      { pointer: '/silence/id', op: 'eq', value: id },
      { pointer: '/silence/endsAt', op: 'eq', value: endsAt },
    ];
  },
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => gone,
  verification: (input) => [
    {
      title: 'The silence is over',
      operation: 'alertmanager.silence_state',
      input,
      expect: [...gone],
      withinSeconds: 30,
      stableSeconds: 0,
    },
  ],
  rollback: (_input, before) => {
    const { matchers, comment, endsAt } = silenceOf(before);
    return {
      operation: 'alertmanager.silence_add',
      input: { matchers: matchers.map(({ name, op, value }) => ({ name, op, value })), comment, until: endsAt },
    };
  },
});

const gone: readonly Expectation[] = [{ pointer: '/count', op: 'eq', value: 0 }];
