import { z } from 'zod';

const Labels = z.record(z.string(), z.string());

/** One alert of a notification. `fingerprint` is the hash of its labels. */
export const GroupedAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Labels,
  annotations: Labels.default({}),
  startsAt: z.iso.datetime({ offset: true }),
  /** The year 1 while it fires. */
  endsAt: z.iso.datetime({ offset: true }),
  generatorURL: z.string().default(''),
  fingerprint: z.string().min(1).max(200),
});
export type GroupedAlert = z.infer<typeof GroupedAlert>;

/** Body of a notification, version 4; https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const AlertGroup = z.object({
  version: z.literal('4'),
  /** Holds values of labels: its hash is what is kept. */
  groupKey: z.string().min(1).max(10_000),
  /** Alerts that the sender left out (`max_alerts`). */
  truncatedAlerts: z.number().int().nonnegative().default(0),
  alerts: z.array(GroupedAlert),
});
export type AlertGroup = z.infer<typeof AlertGroup>;
