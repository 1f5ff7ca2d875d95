import type { Incident } from '../../../workflows/contracts/incident.ts';
import { PeerRefused } from '../errors.ts';
import { isReferenced, referenceLine } from '../key.ts';
import { plain } from '../markdown.ts';
import type { KeptLink, MirrorStore, OutboxRow } from '../ports.ts';
import type { PagesDeps } from './pages.ts';
import type { Page, ResponderTarget } from './ports.ts';
import { ensureStatus } from './resolve.ts';

export interface PagerDutyPerson {
  readonly id: string;
  readonly email: string | null;
  /** PagerDuty's id of the user. */
  readonly pagerduty: string | null;
}

export interface ActionDeps extends PagesDeps {
  readonly store: Pick<MirrorStore, 'mirrorLinks' | 'outbox'>;
  readonly people: readonly PagerDutyPerson[];
  /** PagerDuty's id of a service; null where none is configured. */
  readonly serviceId: (service: string | null) => string | null;
  /** Milliseconds after which a change event that is not listed was not taken; 30,000 unless given. */
  readonly changeAppearsMs?: number;
}

/** In the name of the person who takes care of it. An acknowledgement approves nothing. */
export async function acknowledge({ pagerduty, people }: ActionDeps, row: OutboxRow, pages: readonly KeptLink[]): Promise<string | null> {
  const person = people.find(({ id }) => id === row.body.data['person']);
  if (person === undefined || person.email === null || person.pagerduty === null) return null;
  for (const { externalId } of pages) await ensureStatus(pagerduty, externalId, 'acknowledged', person.email);
  return person.pagerduty;
}

const user = (id: string): ResponderTarget => ({ id, type: 'user_reference' });

/** Those who are on call first for the service; where nobody is, its escalation policy. */
async function onCall(deps: ActionDeps, page: Page, service: string | null): Promise<readonly ResponderTarget[]> {
  const found = await deps.pagerduty.onCall(deps.serviceId(service) ?? page.serviceId);
  const first = found.filter(({ level }) => level === found[0]?.level).map(({ userId }) => userId);
  return first.length > 0 ? [...new Set(first)].map(user) : [{ id: page.escalationPolicyId, type: 'escalation_policy_reference' }];
}

/** Everybody whom the configuration maps, and whoever the escalation policy names. */
function everybody({ people }: ActionDeps, page: Page): readonly ResponderTarget[] {
  const mapped = people.flatMap(({ pagerduty }) => (pagerduty === null ? [] : [user(pagerduty)]));
  return [...mapped, { id: page.escalationPolicyId, type: 'escalation_policy_reference' }];
}

/**
 * Adds people to the page, which notifies them. A request for responders, and no event of its own: it stands on the page that they have to
 * look at, reaches exactly those who are meant, can be looked up by its message, and opens no second incident.
 */
export async function pagePeople(deps: ActionDeps, row: OutboxRow, incident: Incident, primary: KeptLink): Promise<string> {
  const { pagerduty, links, redact } = deps;
  const page = await pagerduty.page(primary.externalId);
  if (page.responderMessages.some((message) => isReferenced(message, row.decisionId))) return row.decisionId;
  const requester = await pagerduty.userId(pagerduty.fromEmail);
  if (requester === null) throw new PeerRefused('no PagerDuty user has the e-mail address of PAGERDUTY_FROM_EMAIL, who would ask for help');
  const targets = row.body.data['targets'] === 'everybody' ? everybody(deps, page) : await onCall(deps, page, incident.service);
  const where = (incident.slack === null ? null : links.slackThread(incident.slack)) ?? links.incident(incident.id);
  const words = plain(redact(String(row.body.data['message'] ?? 'Please look at this incident.')));
  const message = [words, ...(where === null ? [] : [where]), referenceLine(row.decisionId)].join('\n');
  await pagerduty.requestResponders(page.id, requester, message, targets);
  return row.decisionId;
}
