import { z } from 'zod';
import { Similar } from '../../workflows/contracts/memory.ts';
import { type Alert, AlertSource, AlertStatus, JoinedBy } from '../store/alerts.ts';
import { Relation } from '../store/relations.ts';
import { IncidentAnswer } from './shapes.ts';

export const AlertAnswer = z.object({
  id: z.string(),
  incidentId: z.string(),
  source: AlertSource,
  externalId: z.string(),
  title: z.string(),
  service: z.string().nullable(),
  site: z.string().nullable(),
  namespace: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  changes: z.array(z.string()),
  severity: z.string().nullable(),
  urgency: z.enum(['high', 'low']),
  status: AlertStatus,
  /** Why it is under this incident. */
  joinedBy: JoinedBy,
  url: z.string().nullable(),
  startsAt: z.string(),
  endsAt: z.string().nullable(),
  receivedAt: z.string(),
});
export type AlertAnswer = z.infer<typeof AlertAnswer>;

/** `counts` are of all alerts, `items` the first of them: firing ones first. */
const AlertSummary = z.object({
  counts: z.object({ firing: z.number().int(), acknowledged: z.number().int(), resolved: z.number().int() }),
  items: z.array(AlertAnswer),
});

/** `similar`: incidents of before that are like it, with their outcome: to compare with, no proof. `related`: incidents with the same cause; of a merged one all alerts are under the other. */
export const IncidentDetail = IncidentAnswer.extend({ alerts: AlertSummary, related: z.array(Relation), similar: z.array(Similar) });

export function alertAnswer(alert: Alert): AlertAnswer {
  const { position: _position, fingerprint: _fingerprint, scope: _scope, statusAt: _statusAt, ...shown } = alert;
  return shown;
}

export function alertSummary(
  counts: readonly { readonly status: AlertStatus; readonly count: number }[],
  foremost: readonly Alert[],
): z.infer<typeof AlertSummary> {
  const of = (status: AlertStatus) => counts.filter((one) => one.status === status).reduce((sum, { count }) => sum + count, 0);
  return {
    counts: { firing: of('firing'), acknowledged: of('acknowledged'), resolved: of('resolved') },
    items: foremost.map(alertAnswer),
  };
}
