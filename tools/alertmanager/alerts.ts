import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { alertmanagerApi, amtool, amtoolTimeoutMs, either } from './amtool.ts';

const strings = z.record(z.string(), z.string());

const Alert = z.object({
  labels: strings,
  annotations: strings,
  fingerprint: z.string(),
  /** `active`, `suppressed` or `unprocessed`. */
  state: z.string(),
  /** Ids of silences and fingerprints of alerts that keep it from being sent. */
  silencedBy: z.array(z.string()),
  inhibitedBy: z.array(z.string()),
  startsAt: z.string(),
});

const Answer = z.array(
  z.object({
    labels: strings,
    annotations: strings.default({}),
    fingerprint: z.string(),
    startsAt: z.string(),
    status: z.object({ state: z.string(), silencedBy: z.array(z.string()).default([]), inhibitedBy: z.array(z.string()).default([]) }),
  }),
);

/** Alerts in an answer. */
const limit = 200;

export const alertmanagerAlerts = read({
  name: 'alertmanager.alerts',
  summary: 'Alerts that Alertmanager holds, also the silenced and the inhibited ones',
  input: z.strictObject({}),
  output: z.object({ alerts: z.array(Alert), /** Alerts left out. */ omitted: z.number().int().nonnegative() }),
  command: (_input, site) =>
    either(
      site,
      amtool(site, ['alert', 'query'], ['--active', '--silenced', '--inhibited', '--unprocessed', '--output=json']),
      alertmanagerApi('alerts'),
    ),
  parse: ({ stdout }) => {
    const all = parseJson(Answer, stdout);
    const alerts = all.slice(0, limit).map(({ status, ...alert }) => ({ ...alert, ...status }));
    return { alerts, omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: amtoolTimeoutMs,
  permissions: ['GET /api/v2/alerts'],
});
