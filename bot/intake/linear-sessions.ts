import type { Logger } from 'pino';
import type { Policy } from '../../policy/decide.ts';
import { cutTo } from '../../tools/text.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import { PeerRefused } from '../mirrors/errors.ts';
import { stableUuid } from '../mirrors/key.ts';
import type { ActivityContent, LinearAgentPort } from '../mirrors/linear/agent/ports.ts';
import type { LinearUsers } from '../mirrors/linear/users.ts';
import { inert } from '../mirrors/markdown.ts';
import type { Directory, Member } from '../people.ts';
import type { InboxEvent, Incidents } from '../ports.ts';
import { openIncident } from '../store/incidents.ts';
import { putLinearSession } from '../store/linear-sessions.ts';
import { putMirrorLink } from '../store/mirror-links.ts';
import { inTransaction } from '../store/pool.ts';
import type { Store } from '../store/store.ts';
import { longestText } from '../webhooks/linear-event.ts';
import type { Workflows } from './workflows.ts';

export interface LinearSessionsDeps {
  readonly store: Pick<Store, 'pool' | 'record' | 'redact' | 'now' | 'incidents' | 'mirrorLinks' | 'linearSessions'>;
  readonly agent: LinearAgentPort;
  readonly users: LinearUsers;
  readonly workflows: Pick<Workflows, 'startOrWake' | 'wake'>;
  readonly incidents: Pick<Incidents, 'cancel'>;
  readonly policy: Policy;
  readonly directory: Directory;
  readonly log: Logger;
}

type Begun = Extract<InboxEvent, { kind: 'linear.session' }>;
type WentOn = Extract<InboxEvent, { kind: 'linear.prompt' }>;

/** Agent sessions of Linear as a way in. Both may be repeated, and throw what should be tried again. */
export interface LinearSessions {
  begin(event: Begun): Promise<void>;
  goOn(event: WentOn): Promise<void>;
}

const strangers = 'I do not know who you are. An administrator has to list your Linear user under `people` in the configuration.';
const automations = 'An automation began this session, and I answer to people only. Mention me yourself.';

/** Why Linear does not hold somebody's account for that of a full, active member; null: it does. Asked anew: our list may be older. */
async function noMember({ users }: LinearSessionsDeps, user: string): Promise<string | null> {
  const what = await users.check(user);
  return what === 'member' ? null : `Your Linear account is ${what}, and I answer to full members only.`;
}

/** Words for somebody who may not ask; null when they may. */
function refusalOf({ policy, store }: LinearSessionsDeps, creator: string | null, person: Member | null): string | null {
  if (creator === null) return automations;
  if (person === null) return strangers;
  const subject = {
    person: person.id,
    roles: [...person.roles],
    groups: [...person.groups],
    team: null,
    foreignTeam: false,
    guest: false,
    bot: false,
    deactivated: false,
  };
  const decision = policy.decide({ question: 'ask', nowMs: store.now().getTime(), subject });
  return decision.verdict === 'allow' ? null : `You cannot start an investigation: ${decision.reasons.join('; ')}.`;
}

function statusWords({ state, outcome }: Incident): string {
  if (state === 'closed') return `This incident is closed (${outcome?.replaceAll('_', ' ') ?? 'unknown'}). Mention me anew to look again.`;
  if (state === 'awaiting_approval') return 'A plan waits for its approval: see the comment on this issue.';
  return state === 'executing' ? 'An approved plan is being executed.' : 'I am investigating.';
}

/** What Linear refuses for good, e.g. in a session that somebody deleted, holds up no incident. */
async function say({ agent, log }: LinearSessionsDeps, sessionId: string, key: string, content: ActivityContent): Promise<void> {
  await agent.say({ id: stableUuid('linear.activity', sessionId, key), sessionId, content }).catch((error: unknown) => {
    if (!(error instanceof PeerRefused)) throw error;
    log.warn({ err: error, session: sessionId }, 'Linear refused an activity of a session');
  });
}

async function refuse(
  deps: LinearSessionsDeps,
  what: 'session' | 'stop',
  sessionId: string,
  key: string,
  user: string | null,
  words: string,
) {
  await say(deps, sessionId, key, { type: 'error', body: inert(words) });
  const person = user === null ? null : await deps.directory.of({ kind: 'linear', user });
  await inTransaction(deps.store.pool, (tx) =>
    deps.store.record(tx, {
      kind: 'person.refused',
      actor: user === null ? { kind: 'system', id: 'linear' } : { kind: 'person', id: person?.id ?? `linear:${user}` },
      incidentId: null,
      ids: { what: `linear_${what}`, code: person === null ? 'unknown' : 'not_allowed', session: sessionId },
    }),
  );
}

/** The open incident that is about the issue; null when there is none. */
async function openIncidentOf({ store }: LinearSessionsDeps, issueId: string | null): Promise<Incident | null> {
  if (issueId === null) return null;
  for (const link of await store.mirrorLinks.to('linear', issueId)) {
    const incident = await store.incidents.get(link.incidentId);
    if (incident.state !== 'closed') return incident;
  }
  return null;
}

/** The incident, its issue and its session in one transaction: its first decision streams to the session already. */
function open({ store }: LinearSessionsDeps, { sessionId, issueId, text }: Begun, person: Member): Promise<Incident> {
  const [title = ''] = text.split('\n');
  const request = {
    key: `linear:${sessionId}`,
    title: title.slice(0, 120) || 'Investigation',
    text: cutTo(text, longestText),
    source: 'linear' as const,
    service: null,
    site: null,
    requester: person.id,
  };
  return inTransaction(store.pool, async (tx) => {
    const { incident } = await openIncident(tx, store, request, { kind: 'person', id: person.id });
    if (issueId !== null) await putMirrorLink(tx, { incidentId: incident.id, sink: 'linear', externalId: issueId, url: null });
    await putLinearSession(tx, sessionId, incident.id);
    return incident;
  });
}

const looking: ActivityContent = { type: 'thought', body: 'I have it, and look at what the cluster and the metrics say.' };

async function begin(deps: LinearSessionsDeps, event: Begun): Promise<void> {
  const { sessionId, creator, issueId } = event;
  const person = creator === null ? null : await deps.directory.of({ kind: 'linear', user: creator });
  const refusal = refusalOf(deps, creator, person) ?? (creator === null ? automations : await noMember(deps, creator));
  if (refusal !== null || person === null) return refuse(deps, 'session', sessionId, 'first', creator, refusal ?? strangers);
  const mine = await deps.store.linearSessions.incidentOf(sessionId);
  const known = mine === null ? await openIncidentOf(deps, issueId) : null;
  if (known !== null) {
    await inTransaction(deps.store.pool, (tx) => putLinearSession(tx, sessionId, known.id));
    return say(deps, sessionId, 'first', { type: 'thought', body: statusWords(known) });
  }
  const incident = await open(deps, event, person);
  // Side by side: Linear waits ten seconds for the first activity, and neither of the two may keep the other from being begun.
  const both = await Promise.allSettled([say(deps, sessionId, 'first', looking), deps.workflows.startOrWake(incident.key, incident.id)]);
  for (const one of both) if (one.status === 'rejected') throw one.reason;
}

async function stop(deps: LinearSessionsDeps, { sessionId, user, dedupeKey }: WentOn, incidentId: string): Promise<void> {
  const person = user === null ? null : await deps.directory.of({ kind: 'linear', user });
  if (person === null || person.roles.every((role) => role === 'viewer'))
    return refuse(deps, 'stop', sessionId, dedupeKey, user, 'Only people with the role responder, approver or admin can stop me.');
  const barred = user === null ? automations : await noMember(deps, user);
  if (barred !== null) return refuse(deps, 'stop', sessionId, dedupeKey, user, barred);
  const cancelled = await deps.incidents.cancel(incidentId, person.id);
  const content: ActivityContent = cancelled
    ? { type: 'thought', body: 'I stop. A running step is finished and checked first; then what was changed is undone.' }
    : { type: 'response', body: 'It is closed already.' };
  await say(deps, sessionId, dedupeKey, content);
}

async function goOn(deps: LinearSessionsDeps, event: WentOn): Promise<void> {
  const { sessionId, dedupeKey } = event;
  const incidentId = await deps.store.linearSessions.incidentOf(sessionId);
  if (incidentId === null) return say(deps, sessionId, dedupeKey, { type: 'error', body: 'Nothing is under way here. Mention me anew.' });
  if (event.stop) return stop(deps, event, incidentId);
  const incident = await deps.store.incidents.get(incidentId);
  const type = incident.state === 'closed' ? 'response' : 'thought';
  await say(deps, sessionId, dedupeKey, { type, body: statusWords(incident) });
}

export function createLinearSessions(deps: LinearSessionsDeps): LinearSessions {
  return { begin: (event) => begin(deps, event), goOn: (event) => goOn(deps, event) };
}
