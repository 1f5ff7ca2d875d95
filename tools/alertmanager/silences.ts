import { z } from 'zod';
import { read } from '../operation.ts';
import { amtoolTimeoutMs } from './amtool.ts';
import { allSilences, Silence, silencesOf } from './silence.ts';

/** Silences in an answer. */
const limit = 200;

export const alertmanagerSilences = read({
  name: 'alertmanager.silences',
  summary: 'Silences that hold now or will hold',
  input: z.strictObject({}),
  output: z.object({ silences: z.array(Silence), /** Silences left out. */ omitted: z.number().int().nonnegative() }),
  command: (_input, site) => allSilences(site),
  parse: ({ stdout }) => {
    const all = silencesOf(stdout);
    return { silences: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: amtoolTimeoutMs,
  permissions: ['GET /api/v2/silences'],
});
