import { z } from 'zod';
import { read } from '../operation.ts';
import { amtoolTimeoutMs } from './amtool.ts';
import { allSilences, matching, Silence, silencesOf, Which } from './silence.ts';

export const SilenceState = z.object({
  /** How many such silences hold or will hold. */
  count: z.number().int().nonnegative(),
  /** Null unless there is exactly one. */
  silence: Silence.nullable(),
});
export type SilenceState = z.infer<typeof SilenceState>;

export function stateOf(which: Which, silences: readonly Silence[]): SilenceState {
  const found = matching(which, silences);
  return { count: found.length, silence: found.length === 1 ? (found[0] ?? null) : null };
}

export const silenceState = read({
  name: 'alertmanager.silence_state',
  summary: 'Whether a silence holds, and until when',
  input: Which,
  output: SilenceState,
  command: (_input, site) => allSilences(site),
  parse: ({ stdout }, input) => stateOf(input, silencesOf(stdout)),
  timeoutMs: amtoolTimeoutMs,
  permissions: ['GET /api/v2/silences'],
});
