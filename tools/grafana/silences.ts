import { z } from 'zod';
import { Matchers } from '../alertmanager/matcher.ts';
import { newSilence, onlyId, Silence, SilenceId, silencesOf, Which } from '../alertmanager/silence.ts';
import { SilenceState, stateOf } from '../alertmanager/silence-state.ts';
import type { Expectation } from '../contract.ts';
import { TargetMissing } from '../errors.ts';
import { Comment, Time } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { type HttpCommand, read, write } from '../operation.ts';
import { head } from '../prometheus/answer.ts';
import { grafanaApi, grafanaTimeoutMs, grafanaWrite } from './api.ts';

const base = 'alertmanager/grafana/api/v2';
const all = grafanaApi(`${base}/silences`);
const permission = 'alert.silences:read on folders:*';
const noDryRunReason = 'the API of Grafana has no dry run';

/** Silences in an answer. */
const limit = 200;

export const grafanaSilences = read({
  name: 'grafana.silences',
  summary: "Silences of Grafana's own alerts that hold now or will hold",
  input: z.strictObject({}),
  output: z.object({ silences: z.array(Silence), /** Silences left out. */ omitted: z.number().int().nonnegative() }),
  command: () => all,
  parse: ({ stdout }) => {
    const { kept, omitted } = head(silencesOf(stdout), limit);
    return { silences: kept, omitted };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: [permission],
});

export const grafanaSilenceState = read({
  name: 'grafana.silence_state',
  summary: "Whether a silence of Grafana's own alerts holds, and until when",
  input: Which,
  output: SilenceState,
  command: () => all,
  parse: ({ stdout }, input) => stateOf(input, silencesOf(stdout)),
  timeoutMs: grafanaTimeoutMs,
  permissions: [permission],
});

const dayMs = 24 * 3_600_000;

/** A beginning that has passed is now. One that ends later than a day from now does not begin yet, and fails its verification. */
function dayBefore(until: string): string {
  return new Date(Date.parse(until) - dayMs).toISOString();
}

const count = (value: number): Expectation => ({ pointer: '/count', op: 'eq', value });

export const grafanaSilenceAdd = write({
  name: 'grafana.silence_add',
  tier: 'medium',
  summary: "Silence Grafana's own alerts by their labels until a time at most a day away; they go on firing, nobody is told",
  input: z.strictObject({ matchers: Matchers, /** Says why; the silence is found again by it. */ comment: Comment, until: Time }),
  output: z.object({ id: z.string() }),
  command: ({ matchers, comment, until }) =>
    grafanaWrite('POST', `${base}/silences`, newSilence(matchers, comment, dayBefore(until), until)),
  noDryRunReason,
  parse: ({ stdout }) => ({ id: parseJson(z.object({ silenceID: SilenceId }), stdout).silenceID }),
  timeoutMs: grafanaTimeoutMs,
  permissions: ['alert.silences:create on folders:*'],
  state: ({ matchers, comment }) => ({ operation: 'grafana.silence_state', input: { matchers, comment } }),
  stateOutput: SilenceState,
  // Where there is one already, ending it would end somebody else's.
  preconditions: () => [count(0)],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => [count(1)],
  verification: ({ matchers, comment }) => [
    {
      title: 'The silence holds',
      operation: 'grafana.silence_state',
      input: { matchers, comment },
      expect: [count(1), { pointer: '/silence/state', op: 'eq', value: 'active' }],
      withinSeconds: 30,
      stableSeconds: 0,
    },
  ],
  rollback: ({ matchers, comment }) => ({ operation: 'grafana.silence_expire', input: { matchers, comment } }),
});

/** Stands in the path until the silence is looked up: its id exists only once it was added. */
const placeholder = 'ID-OF-THE-SILENCE';

function expire(which: Which): HttpCommand {
  if ('id' in which) return grafanaWrite('DELETE', `${base}/silence/${which.id}`);
  const value = ({ stdout }: { stdout: string }): string => onlyId(which, stdout);
  return { ...grafanaWrite('DELETE', `${base}/silence/${placeholder}`), bound: { placeholder, command: all, value } };
}

function silenceOf({ silence }: SilenceState): Silence {
  if (silence === null) throw new TargetMissing('there is no such silence, or more than one');
  return silence;
}

export const grafanaSilenceExpire = write({
  name: 'grafana.silence_expire',
  tier: 'medium',
  summary: "End a silence of Grafana's own alerts: they are sent again",
  input: Which,
  output: z.object({}),
  command: expire,
  noDryRunReason,
  parse: () => ({}),
  timeoutMs: grafanaTimeoutMs,
  permissions: ['alert.silences:write on folders:*'],
  state: (input) => ({ operation: 'grafana.silence_state', input }),
  stateOutput: SilenceState,
  preconditions: (_input, before) => [
    { pointer: '/silence/id', op: 'eq', value: silenceOf(before).id },
    { pointer: '/silence/endsAt', op: 'eq', value: silenceOf(before).endsAt },
  ],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => [count(0)],
  verification: (input) => [
    {
      title: 'The silence is over',
      operation: 'grafana.silence_state',
      input,
      expect: [count(0)],
      withinSeconds: 30,
      stableSeconds: 0,
    },
  ],
  rollback: (_input, before) => {
    const { matchers, comment, endsAt } = silenceOf(before);
    const named = matchers.map(({ name, op, value }) => ({ name, op, value }));
    return { operation: 'grafana.silence_add', input: { matchers: named, comment, until: endsAt } };
  },
});
