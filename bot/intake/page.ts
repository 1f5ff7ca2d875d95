import type { Logger } from 'pino';
import { type AdmitContext, admit, holdFor } from '../alerts/admit.ts';
import type { IncomingAlert, Placed, Report, Transaction } from '../alerts/alert.ts';
import { bounded } from '../alerts/bounded.ts';
import type { Service } from '../config-file.ts';
import { scopeOfPage } from '../correlation/scope.ts';
import type { PageEvent, PageSubject } from '../pagerduty/event.ts';
import { pageLine } from '../pagerduty/lines.ts';
import type { PagerDutyReads, PageState } from '../pagerduty/reads.ts';
import type { Directory } from '../people.ts';
import type { Alert, AlertStatus } from '../store/alerts.ts';
import type { Actor } from '../store/audit.ts';
import { putMirrorLink } from '../store/mirror-links.ts';
import type { Tx } from '../store/sql.ts';
import type { Store } from '../store/store.ts';

export interface PageDeps {
  readonly store: Pick<Store, 'alerts'>;
  readonly context: AdmitContext;
  readonly transaction: Transaction;
  readonly services: readonly Service[];
  readonly directory: Directory;
  /** Null: no API key; then the newest event says how it stands. */
  readonly reads: PagerDutyReads | null;
  readonly log: Logger;
}

const statuses: Readonly<Record<PageState['status'], AlertStatus>> = {
  triggered: 'firing',
  acknowledged: 'acknowledged',
  resolved: 'resolved',
};

/** Types that begin something: an incident that is over by now is taken in all the same, because somebody was paged. */
const beginnings = new Set(['triggered', 'reopened']);
/** What the mirror itself writes; its other effects are told like anybody's. */
const mirrored = new Set(['annotated', 'status_update_published']);

/** Everything that is known when an event is handled. */
interface Page {
  readonly event: PageEvent;
  /** As PagerDuty has it now; the event's own where that cannot be read. */
  readonly subject: PageSubject;
  /** Null: it could not be read. */
  readonly state: PageState | null;
  readonly kept: Alert | null;
  readonly changes: readonly string[];
  readonly ours: boolean;
}

const secondMs = 1_000;
const toSecond = (time: string) => Math.floor(Date.parse(time) / secondMs);

/** What was read counts unless something later was read; it is exact to the second. What an event says counts when it is the newest. */
function supersedes({ event, state }: Page): (kept: Alert) => boolean {
  if (state !== null) return (kept) => toSecond(state.statusAt) >= toSecond(kept.statusAt);
  return (kept) => Date.parse(event.at) > Date.parse(kept.statusAt);
}

function textOf({ id, number, url, service, urgency, priority }: PageSubject, known: boolean): string {
  const name = `PagerDuty incident ${number === null ? id : `#${number}`}`;
  const facts = [name, service && `service ${service.name}`, urgency && `urgency ${urgency}`, priority && `priority ${priority}`];
  const unknown = known ? [] : ['Its service is listed under no `pagerduty` of the configured services: I look at what its title names.'];
  return [facts.filter((fact) => fact).join(', '), ...(url === null ? [] : [url]), ...unknown].join('\n');
}

/** A deduplication key of our own mirror is the id of an incident of ours. */
const ownKey = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function alertOf(page: Page, services: readonly Service[]): IncomingAlert {
  const { event, subject, state, changes } = page;
  const title = subject.title ?? `PagerDuty incident ${subject.id}`;
  const scope = scopeOfPage(subject.service?.id ?? null, title, services);
  const { key } = subject;
  const startsAt = new Date(subject.createdAt ?? event.at);
  return {
    source: 'pagerduty',
    externalId: subject.id,
    fingerprint: key === null ? `pagerduty:${subject.id}` : `pagerduty:${subject.service?.id ?? ''}:${key}`,
    scope,
    labels: subject.service === null ? {} : { service: subject.service.name },
    changes,
    severity: subject.priority,
    urgency: subject.urgency ?? 'high',
    title,
    text: textOf(subject, scope.service !== null),
    url: subject.url,
    status: statuses[state?.status ?? subject.status ?? 'triggered'],
    statusAt: new Date(state?.statusAt ?? event.at),
    startsAt,
    supersedes: supersedes(page),
    ownIncident: key !== null && ownKey.test(key) ? key : null,
    mergedInto: event.incident.mergedInto?.id ?? null,
  };
}

const reasonWords: Readonly<Record<string, string>> = {
  fingerprint: 'it is the same alert',
  service: 'it is about the same service',
  change: 'it follows the same deploy',
  dependency: 'one of the two services depends on the other',
};

/** Our own page is not told of; what people do to it is. */
function lineOf({ event, subject, ours }: Page, other: string | null): (placed: Placed) => string | null {
  const line = pageLine(event, subject.number);
  const merged = other === null ? '' : `, which belongs to incident ${other}`;
  return ({ how, by }) => {
    if (by === 'own') return ours || event.agent?.isUser !== true ? null : line;
    if (how === 'opened') return null;
    if (how === 'joined')
      return `PagerDuty ${subject.number === null ? subject.id : `#${subject.number}`} “${subject.title ?? ''}” belongs here: ${reasonWords[by]}`;
    if (how === 'reopened')
      return `${line}: it began again after this incident was closed, so I look again. What is above is brought up to date.`;
    return `${line}${merged}`;
  };
}

function actorOf({ event }: Page, { people }: Directory): Actor {
  const person = event.agent === null ? undefined : people.find(({ pagerduty }) => pagerduty === event.agent?.id);
  return person === undefined ? { kind: 'system', id: 'pagerduty' } : { kind: 'person', id: person.id };
}

function reportOf(page: Page, { directory, context: { redact } }: PageDeps, other: string | null): Report {
  const { event, subject } = page;
  return {
    eventId: event.id,
    once: true,
    kind: `pagerduty.${event.type}`,
    at: new Date(event.at),
    actor: actorOf(page, directory),
    ids: { event: event.id, agent: event.agent?.id ?? null, number: subject.number },
    words: { title: subject.title ?? '', agent: event.agent?.name ?? '', detail: bounded(redact, event.detail, 1_000) },
    line: lineOf(page, other),
  };
}

async function gather({ store, reads, context }: PageDeps, event: PageEvent): Promise<Page> {
  const kept = await store.alerts.find('pagerduty', event.incident.id);
  const begins = kept === null && beginnings.has(event.type);
  const [state, changes, own] = await Promise.all([
    reads?.incident(event.incident.id) ?? null,
    begins ? (reads?.changes(event.incident.id) ?? []) : [],
    event.agent?.isUser === true ? (reads?.ownUser() ?? null) : null,
  ]);
  const subject = state === null ? event.incident : { ...state.subject, mergedInto: event.incident.mergedInto };
  const startedAt = Date.parse(subject.createdAt ?? event.at);
  const recent = changes.filter(({ at }) => at !== null && startedAt - Date.parse(at) <= context.settings.windowMinutes * 60_000);
  return { event, subject, state, kept, changes: recent.map(({ id }) => id), ours: own !== null && event.agent?.id === own };
}

/** Why an event is not followed up; null where it is. */
function pointless({ event, state, kept, subject, ours }: Page): string | null {
  if (ours && mirrored.has(event.type)) return 'it is our own';
  if (kept !== null || beginnings.has(event.type)) return null;
  if (state?.status === 'resolved') return 'its incident was over before we heard of it';
  return subject.service === null ? 'its incident is not known and cannot be read' : null;
}

/** The other incident of ours that has the page into which this one was merged. */
async function elsewhere({ store }: PageDeps, { kept }: Page, { mergedInto }: IncomingAlert): Promise<string | null> {
  const target = mergedInto === null ? null : await store.alerts.find('pagerduty', mergedInto);
  return target === null || target.incidentId === kept?.incidentId ? null : target.incidentId;
}

async function take(tx: Tx, deps: PageDeps, alert: IncomingAlert, report: Report): Promise<Placed | null> {
  await holdFor(tx, deps.context, [alert]);
  const placed = await admit(tx, deps.context, alert, report);
  if (placed === null) return null;
  const { incidentId } = placed;
  // In the same transaction, so that the mirror finds the page before it opens one of its own.
  await putMirrorLink(tx, { incidentId, sink: 'pagerduty', externalId: alert.externalId, url: alert.url });
  return placed;
}

/** An event of PagerDuty → the incident that it belongs to. What the event says of the status is not trusted where it can be read again. Idempotent. */
export async function handlePage(deps: PageDeps, event: PageEvent): Promise<void> {
  const page = await gather(deps, event);
  const why = pointless(page);
  if (why !== null)
    return deps.log.info({ event: event.id, type: event.type, page: event.incident.id, why }, 'an event of PagerDuty was left aside');
  const alert = alertOf(page, deps.services);
  const report = reportOf(page, deps, await elsewhere(deps, page, alert));
  const placed = await deps.transaction((tx) => take(tx, deps, alert, report));
  deps.log.debug(
    { event: event.id, type: event.type, incident: placed?.incidentId, how: placed?.how },
    'an event of PagerDuty was handled',
  );
}
