import { z } from 'zod';
import { asksWho } from '../access.ts';
import type { Expectation } from '../contract.ts';
import { TargetMissing } from '../errors.ts';
import { type Bound, type CliCommand, type HttpCommand, type SiteFacts, write } from '../operation.ts';
import { alertmanagerWrite, amtool, amtoolTimeoutMs } from './amtool.ts';
import { allSilences, onlyId, type Silence, Which } from './silence.ts';
import { SilenceState } from './silence-state.ts';

/** Stands in the command line until the silence is looked up: its id exists only once it was added. */
const placeholder = 'ID-OF-THE-SILENCE';

function lookup(input: Which, site: SiteFacts): Bound {
  return {
    placeholder,
    command: allSilences(site),
    value: ({ stdout }) => onlyId(input, stdout),
  };
}

function expire(input: Which, site: SiteFacts): CliCommand | HttpCommand {
  const id = 'id' in input ? input.id : placeholder;
  const way = asksWho(site.alertmanager) ? alertmanagerWrite('DELETE', `silence/${id}`) : amtool(site, ['silence', 'expire'], [], [id]);
  return 'id' in input ? way : { ...way, bound: lookup(input, site) };
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
  // Where it succeeds nothing is said.
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
