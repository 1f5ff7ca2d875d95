import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { helm, helmTimeoutMs, Release } from './helm.ts';

const Item = z.object({
  revision: z.number().int(),
  updated: z.string(),
  status: z.string(),
  chart: z.string(),
  app_version: z.string().default(''),
  description: z.string().default(''),
});

const Revision = Item.omit({ app_version: true }).extend({ appVersion: z.string() });

export const history = read({
  name: 'helm.history',
  summary: 'Revisions of a release, newest first: when, which chart, what became of it',
  input: Release,
  output: z.object({ revisions: z.array(Revision) }),
  command: ({ namespace, release }, site) => helm(site, ['history', release, `--namespace=${namespace}`, '--max=50', '--output=json']),
  parse: ({ stdout }) => ({
    revisions: parseJson(z.array(Item), stdout)
      .map(({ app_version: appVersion, ...item }) => ({ ...item, appVersion }))
      .toSorted((a, b) => b.revision - a.revision),
  }),
  timeoutMs: helmTimeoutMs,
  permissions: ['list secrets'],
});
