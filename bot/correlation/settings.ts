import { z } from 'zod';

const labelName = z.string().min(1);

/** How alerts from PagerDuty and Alertmanager are understood, and which of them belong together. */
export const Alerts = z.strictObject({
  serviceLabels: z
    .array(labelName)
    .default(['service', 'app', 'app_kubernetes_io_name', 'deployment', 'statefulset', 'daemonset'])
    .describe('Alertmanager labels that may name a service, the first one that names a configured one wins.'),
  siteLabels: z.array(labelName).default(['site', 'cluster']).describe('Alertmanager labels that may name a site.'),
  changeLabels: z
    .array(labelName)
    .default(['change_id', 'deploy_id', 'rollout_id'])
    .describe('Alertmanager labels whose value identifies one deploy or rollout.'),
  severityLabel: labelName.default('severity'),
  lowSeverities: z.array(z.string()).default(['warning', 'info', 'none']).describe('These are of low urgency, all others of high.'),
  windowMinutes: z.number().int().min(1).max(1440).default(30).describe('Within it, a dependency or a deploy in common joins alerts.'),
  closedMinutes: z.number().int().min(0).max(1440).default(15).describe('So long a closed incident still takes its own alerts.'),
  lookMinutes: z
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(5)
    .describe('At most so often alerts that join an incident make it looked into again.'),
  ignore: z.array(z.string()).default(['Watchdog', 'InfoInhibitor']).describe('Names of alerts (alertname) that are no problem.'),
});
export type Alerts = z.infer<typeof Alerts>;
