import { z } from 'zod';
import { read } from '../operation.ts';
import { apiAnswer, head, numberOf } from './answer.ts';
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

export const Alerts = z.object({ alerts: z.array(Alert), /** Alerts left out. */ omitted: z.number().int().nonnegative() });

/** Alerts in an answer. */
const limit = 200;

const labels = z.record(z.string(), z.string()).default({});

const Answer = z.object({
  alerts: z.array(
    z.object({ labels, annotations: labels, state: z.string(), activeAt: z.string().optional(), value: z.string().default('NaN') }),
  ),
});

export function alertsOf(text: string): z.infer<typeof Alerts> {
  const { kept, omitted } = head(apiAnswer(Answer, text).alerts, limit);
  return { alerts: kept.map((alert) => ({ ...alert, activeAt: alert.activeAt ?? null, value: numberOf(alert.value) })), omitted };
}

export const prometheusAlerts = read({
  name: 'prometheus.alerts',
  summary: 'Alerts that are pending or firing now',
  input: z.strictObject({}),
  output: Alerts,
  command: () => prometheusApi('alerts'),
  parse: ({ stdout }) => alertsOf(stdout),
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/alerts'],
});
