import { z } from 'zod';
import { asksWho } from '../access.ts';
import type { Expectation } from '../contract.ts';
import { OutputMalformed } from '../errors.ts';
import { Comment, Duration, Time } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { type CliCommand, type HttpCommand, type SiteFacts, write } from '../operation.ts';
import { alertmanagerWrite, amtool, amtoolTimeoutMs } from './amtool.ts';
import { Matchers, textOf } from './matcher.ts';
import { allSilences, newSilence, SilenceId } from './silence.ts';
import { SilenceState } from './silence-state.ts';

const hourMs = 3_600_000;
const hours = { s: 1 / 3600, m: 1 / 60, h: 1 } as const;

/** Longer ones are forgotten: they hide the next problem. */
const mostHours = 24;

function hoursOf(duration: string): number {
  return Number(duration.slice(0, -1)) * hours[duration.slice(-1) as keyof typeof hours];
}

const Input = z
  .strictObject({
    matchers: Matchers,
    /** Says why, and tells this silence from others: it is found again by it. */
    comment: Comment,
    /** From the moment at which it is added. */
    duration: Duration.refine((value) => hoursOf(value) <= mostHours, `must be at most ${mostHours}h`).optional(),
    /** Where an ended silence is put back: its own end. */
    until: Time.optional(),
  })
  .refine(({ duration, until }) => (duration === undefined) !== (until === undefined), 'either duration or until');

type Input = z.infer<typeof Input>;

function byProgram({ matchers, comment, duration, until }: Input, site: SiteFacts): CliCommand {
  const end = duration === undefined ? `--end=${until}` : `--duration=${duration}`;
  return amtool(site, ['silence', 'add'], ['--author=watchkeeper', end, `--comment=${comment}`], matchers.map(textOf));
}

/** The API knows no durations: its end is reckoned when it is sent, and stands on the card as it was asked for. */
function byApi({ matchers, comment, duration, until }: Input, site: SiteFacts): HttpCommand {
  const body = (start: Date, end: Date) => JSON.stringify(newSilence(matchers, comment, start.toISOString(), end.toISOString()));
  if (duration === undefined) {
    const end = new Date(until ?? '');
    return alertmanagerWrite('POST', 'silences', body(new Date(end.getTime() - mostHours * hourMs), end));
  }
  const placeholder = JSON.stringify({ ...newSilence(matchers, comment, 'NOW', 'THEN'), duration });
  const value = (): string => {
    const now = new Date();
    return body(now, new Date(now.getTime() + hoursOf(duration) * hourMs));
  };
  return { ...alertmanagerWrite('POST', 'silences', placeholder), bound: { placeholder, command: allSilences(site), value } };
}

export const silenceAdd = write({
  name: 'alertmanager.silence_add',
  tier: 'low',
  summary: 'Silence alerts by their labels for a while; they go on firing, nobody is told',
  input: Input,
  output: z.object({ id: SilenceId }),
  command: (input, site) => (asksWho(site.alertmanager) ? byApi(input, site) : byProgram(input, site)),
  noDryRunReason: 'amtool silence add has no dry run',
  parse: ({ stdout }) => {
    const text = stdout.trim();
    if (text.startsWith('{')) return { id: parseJson(z.object({ silenceID: SilenceId }), text).silenceID };
    const id = SilenceId.safeParse(text);
    if (!id.success) throw new OutputMalformed('amtool printed no id of a silence');
    return { id: id.data };
  },
  timeoutMs: amtoolTimeoutMs,
  permissions: ['GET /api/v2/silences', 'POST /api/v2/silences'],
  state: ({ matchers, comment }) => ({ operation: 'alertmanager.silence_state', input: { matchers, comment } }),
  stateOutput: SilenceState,
  // Where there is one already, ending it would end somebody else's.
  preconditions: () => [{ pointer: '/count', op: 'eq', value: 0 }],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => added,
  verification: ({ matchers, comment }) => [
    {
      title: 'The silence holds',
      operation: 'alertmanager.silence_state',
      input: { matchers, comment },
      expect: [...added, { pointer: '/silence/state', op: 'eq', value: 'active' }],
      withinSeconds: 30,
      stableSeconds: 0,
    },
  ],
  rollback: ({ matchers, comment }) => ({ operation: 'alertmanager.silence_expire', input: { matchers, comment } }),
});

const added: readonly Expectation[] = [{ pointer: '/count', op: 'eq', value: 1 }];
