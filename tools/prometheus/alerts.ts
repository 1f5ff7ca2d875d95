import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { numberOf } from './answer.ts';
import { prometheusApi, prometheusTimeoutMs } from './promtool.ts';

const Alert = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** `firing` or `pending`. */
  state: z.string(),
  activeAt: z.string().nullable(),
  /** Null: not a finite number. */
  value: z.number().nullable(),
});

const Output = z.object({ alerts: z.array(Alert), /** Alerts left out. */ omitted: z.number().int().nonnegative() });

/** Alerts in an answer. */
const limit = 200;

const labels = z.record(z.string(), z.string()).default({});

const Answer = z.object({
  status: z.literal('success'),
  data: z.object({
    alerts: z.array(
      z.object({ labels, annotations: labels, state: z.string(), activeAt: z.string().optional(), value: z.string().default('NaN') }),
    ),
  }),
});

export const prometheusAlerts = read({
  name: 'prometheus.alerts',
  summary: 'Alerts that are pending or firing now',
  input: z.strictObject({}),
  output: Output,
  command: () => prometheusApi('alerts'),
  parse: ({ stdout }) => {
    const all = parseJson(Answer, stdout).data.alerts;
    const alerts = all.slice(0, limit).map((alert) => ({ ...alert, activeAt: alert.activeAt ?? null, value: numberOf(alert.value) }));
    return { alerts, omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/alerts'],
});
