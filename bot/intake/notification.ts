import type { Logger } from 'pino';
import { sha256Hex } from '../../tools/canonical.ts';
import type { AlertGroup, GroupedAlert } from '../alertmanager/group.ts';
import { type AdmitContext, admit, holdFor } from '../alerts/admit.ts';
import type { IncomingAlert, Placed, Report, Transaction } from '../alerts/alert.ts';
import type { Service } from '../config-file.ts';
import { scopeOfLabels } from '../correlation/scope.ts';
import type { Store } from '../store/store.ts';

export interface NotificationDeps {
  readonly store: Pick<Store, 'alerts'>;
  readonly context: AdmitContext;
  readonly transaction: Transaction;
  readonly services: readonly Service[];
  readonly log: Logger;
}

interface Sender {
  readonly groupKey: string;
  readonly tokenId: string;
}

/** One firing of an alert: what fires again later has another start. */
const externalIdOf = ({ fingerprint, startsAt }: GroupedAlert) => `${fingerprint}@${new Date(startsAt).toISOString()}`;

function titleOf({ labels, annotations }: GroupedAlert): string {
  return annotations['summary'] ?? annotations['title'] ?? labels['alertname'] ?? 'An alert without a name';
}

function textOf({ labels, annotations, generatorURL }: GroupedAlert): string {
  const named = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const parts = [
    annotations['description'] ?? annotations['message'] ?? '',
    named.join(', '),
    annotations['runbook_url'] ?? '',
    generatorURL,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function alertOf(alert: GroupedAlert, groupKey: string, { services, context: { settings } }: NotificationDeps): IncomingAlert {
  const { labels, status } = alert;
  const startsAt = new Date(alert.startsAt);
  const severity = labels[settings.severityLabel] ?? null;
  return {
    source: 'alertmanager',
    externalId: externalIdOf(alert),
    fingerprint: `alertmanager:${alert.fingerprint}`,
    scope: scopeOfLabels(labels, groupKey.slice(0, 16), services, settings),
    labels,
    changes: settings.changeLabels.flatMap((name) => (labels[name] ? [`${name}:${labels[name]}`] : [])),
    severity,
    urgency: severity !== null && settings.lowSeverities.includes(severity) ? 'low' : 'high',
    title: titleOf(alert),
    text: textOf(alert),
    url: null,
    status,
    statusAt: status === 'resolved' ? new Date(alert.endsAt) : startsAt,
    startsAt,
    // Of one firing, the end is final.
    supersedes: (kept) => kept.status !== 'resolved',
    ownIncident: null,
    mergedInto: null,
  };
}

function reportOf(alert: IncomingAlert, { groupKey, tokenId }: Sender): Report {
  return {
    eventId: sha256Hex([groupKey, alert.externalId, alert.status].join('\n')),
    once: false,
    kind: alert.status === 'resolved' ? 'alertmanager.resolved' : 'alertmanager.firing',
    at: alert.statusAt,
    actor: { kind: 'service_token', id: tokenId },
    ids: { group: groupKey.slice(0, 16), severity: alert.severity },
    words: { title: alert.title },
    line: ({ how }: Placed) =>
      how === 'reopened'
        ? `“${alert.title}” began again after this incident was closed, so I look again. What is above is brought up to date.`
        : null,
  };
}

/** Alerts that the sender left out cannot be had: that is said where the rest of the group is. */
async function tellTruncated({ store, log }: NotificationDeps, group: AlertGroup, placed: Placed | null): Promise<void> {
  if (group.truncatedAlerts === 0) return;
  log.warn(
    { alerts: group.truncatedAlerts, incident: placed?.incidentId },
    'Alertmanager left alerts out of a notification: raise max_alerts',
  );
  if (placed === null) return;
  await store.alerts.tell({
    incidentId: placed.incidentId,
    source: 'alertmanager',
    eventId: `truncated:${group.groupKey}:${group.truncatedAlerts}:${placed.incidentId}`,
    kind: 'truncated',
    at: new Date().toISOString(),
    line: `Alertmanager left ${group.truncatedAlerts} more alerts of this group out (max_alerts).`,
  });
}

/** Of one notification as many alerts are taken in together: a storm is thousands of rows, and a commit is what costs. */
const together = 25;

async function takeIn(deps: NotificationDeps, alerts: readonly IncomingAlert[], sender: Sender): Promise<Placed | null> {
  const { context, transaction } = deps;
  return transaction(async (tx) => {
    await holdFor(tx, context, alerts);
    let last: Placed | null = null;
    for (const alert of alerts) last = (await admit(tx, context, alert, reportOf(alert, sender))) ?? last;
    return last;
  });
}

/** Takes every alert of a notification to the incident that it belongs to. Idempotent: a repeated notification changes nothing. */
export async function handleNotification(deps: NotificationDeps, group: AlertGroup, tokenId: string): Promise<void> {
  const sender = { groupKey: group.groupKey, tokenId };
  const { store, context } = deps;
  const wanted = group.alerts.filter(({ labels }) => !context.settings.ignore.includes(labels['alertname'] ?? ''));
  const kept = await store.alerts.statuses('alertmanager', wanted.map(externalIdOf));
  const alerts = wanted.map((each) => alertOf(each, group.groupKey, deps));
  const news = alerts.filter(({ externalId, status }) => ![status, 'resolved'].includes(kept.get(externalId) ?? 'none'));
  let last: Placed | null = null;
  for (let start = 0; start < news.length; start += together)
    last = (await takeIn(deps, news.slice(start, start + together), sender)) ?? last;
  await tellTruncated(deps, group, last);
}
