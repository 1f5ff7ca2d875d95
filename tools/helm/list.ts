import { z } from 'zod';
import { KubernetesLabel } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { helm, helmTimeoutMs } from './helm.ts';

const Item = z.object({
  name: z.string(),
  namespace: z.string(),
  revision: z.coerce.number(),
  updated: z.string(),
  /** `deployed`, `failed`, `pending-upgrade` … */
  status: z.string(),
  chart: z.string(),
  app_version: z.string().default(''),
});

const Listed = Item.omit({ app_version: true }).extend({ appVersion: z.string() });

/** helm's own limit. */
const limit = 256;

export const list = read({
  name: 'helm.list',
  summary: 'Releases with their chart, revision and status, also those that failed',
  input: z.strictObject({ /** Unset: all of them. */ namespace: KubernetesLabel.optional() }),
  output: z.object({ releases: z.array(Listed), /** There are more. */ full: z.boolean() }),
  command: ({ namespace }, site) =>
    helm(site, [
      'list',
      ...(namespace === undefined ? ['--all-namespaces=true'] : [`--namespace=${namespace}`]),
      ...['--all=true', `--max=${limit}`, '--output=json'],
    ]),
  parse: ({ stdout }) => {
    const releases = parseJson(z.array(Item), stdout).map(({ app_version: appVersion, ...item }) => ({ ...item, appVersion }));
    return { releases, full: releases.length >= limit };
  },
  timeoutMs: helmTimeoutMs,
  permissions: ['list secrets'],
});
