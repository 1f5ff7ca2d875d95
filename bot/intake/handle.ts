import { help } from '../../blocks/help.ts';
import type { Policy } from '../../policy/decide.ts';
import { type Judged, judge } from '../../policy/judged.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import { decided } from '../../workflows/decided.ts';
import type { LinearLabels } from '../approvals/linear-labels.ts';
import { engage } from '../engagement.ts';
import type { Directory, Member } from '../people.ts';
import type { InboxEvent, SlackOrigin } from '../ports.ts';
import { isSmallTalk } from '../slack/small-talk.ts';
import { inTransaction } from '../store/pool.ts';
import type { Store } from '../store/store.ts';
import type { AlertIntake } from './alert-intake.ts';
import type { Face } from './face.ts';
import type { LinearSessions } from './linear-sessions.ts';
import type { Workflows } from './workflows.ts';

export interface HandleDeps {
  readonly store: Pick<Store, 'incidents' | 'decisions' | 'now' | 'pool' | 'record'>;
  readonly workflows: Workflows;
  readonly face: Face;
  readonly policy: Policy;
  readonly directory: Directory;
  /** Null: no Linear is configured, and its webhooks are not taken. */
  readonly linearLabels: Pick<LinearLabels, 'settle'> | null;
  readonly linearSessions: LinearSessions | null;
  readonly alerts: AlertIntake;
  /** A language model is configured that answers questions. */
  readonly answers: boolean;
  /** Service of a channel, where one is configured for it. */
  readonly serviceOfChannel: (channel: string) => string | null;
}

type SlackEvent = Extract<InboxEvent, { kind: 'slack.mention' | 'slack.investigate' }>;

const titleLength = 120;

const unknownPerson = 'I do not know who you are. An administrator has to list you under `people` in the configuration.';

/** The words without the mention of the bot; the first line is the title. */
function titleOf(text: string): string {
  const words = text.replaceAll(/<@[A-Z0-9]+(\|[^>]*)?>/g, '').trim();
  const line = words.split('\n')[0]?.trim() ?? '';
  return line === '' ? 'Investigation' : line.slice(0, titleLength);
}

function threadOf({ team, channel, threadTs, ts }: SlackOrigin) {
  return { team, channel, threadTs: threadTs ?? ts };
}

function judgeAsk({ policy, store }: HandleDeps, person: Member, origin: SlackOrigin): Judged {
  const subject = {
    person: person.id,
    roles: [...person.roles],
    groups: [...person.groups],
    team: origin.team,
    foreignTeam: false,
    guest: false,
    bot: false,
    deactivated: false,
  };
  return judge(policy, { question: 'ask', nowMs: store.now().getTime(), subject });
}

const stateWords: Record<Incident['state'], string> = {
  queued: 'I have it, and start soon.',
  investigating: 'I am investigating.',
  awaiting_approval: 'A plan waits for its approval, above.',
  executing: 'An approved plan is being executed.',
  closed: '',
};

function statusWords(incident: Incident): string {
  if (incident.state !== 'closed') return stateWords[incident.state];
  return `This incident is closed (${incident.outcome?.replaceAll('_', ' ') ?? 'unknown'}). Mention me in a new message to look again.`;
}

/** Null: they may ask. */
async function refusedWords({ store }: HandleDeps, judged: Judged, incidentId: string | null): Promise<string | null> {
  if (judged.decision.verdict === 'allow') return null;
  await store.decisions.record([decided(judged, { incidentId })]);
  return judged.decision.reasons.join('; ');
}

/** Viewers only look. */
function takesCare({ store }: HandleDeps, person: Member, incidentId: string): Promise<void> {
  if (person.roles.every((role) => role === 'viewer')) return Promise.resolve();
  return inTransaction(store.pool, (tx) => engage(tx, store.record, person, incidentId));
}

const longestQuestion = 2_000;

/** What somebody asks in the thread of an incident is answered from its evidence; what it is about is said at once. */
async function answer({ face, workflows }: HandleDeps, incident: Incident, person: string, event: SlackEvent): Promise<void> {
  const words = statusWords(incident);
  const said = face.say(
    event.origin,
    event.dedupeKey,
    `${words === '' ? '' : `${words} `}I am looking for an answer in what was observed.`,
  );
  const text = event.text.slice(0, longestQuestion).toWellFormed();
  const asked = workflows.question({ incidentId: incident.id, key: `answer:${event.dedupeKey}`, person, text });
  // While the chat is away the answer is made all the same, and is posted when it is back: nothing has to be said before it then.
  await Promise.all([asked, said.catch(() => undefined)]);
}

/** What somebody says while the incident's workflow waits for answers goes to it. False: it asked nothing. */
async function toldTo({ face, workflows }: HandleDeps, incident: Incident, person: string, event: SlackEvent): Promise<boolean> {
  if (incident.state !== 'investigating') return false;
  const text = event.text.slice(0, longestQuestion).toWellFormed();
  if (!(await workflows.tell(incident.key, `tell:${event.dedupeKey}`, { person, text }))) return false;
  // It is taken: were this event handled once more, it would count as a question.
  await face
    .say(event.origin, event.dedupeKey, 'Thank you. I ask the language model once more for a plan, with your answer.')
    .catch(() => undefined);
  return true;
}

/** What somebody says in the thread of an incident that is under way. Whoever may not ask for a plan steers none either: no model hears them. */
async function heard(deps: HandleDeps, known: Incident, person: Member, event: SlackEvent): Promise<void> {
  const refusal = await refusedWords(deps, judgeAsk(deps, person, event.origin), known.id);
  if (refusal !== null) {
    const words = `${statusWords(known)} I take no answers or questions from you: ${refusal}.`.trimStart();
    return deps.face.say(event.origin, event.dedupeKey, words);
  }
  if (await toldTo(deps, known, person.id, event)) return;
  if (deps.answers) return answer(deps, known, person.id, event);
  return deps.face.say(event.origin, event.dedupeKey, statusWords(known));
}

async function handleSlack(deps: HandleDeps, event: SlackEvent): Promise<void> {
  const { store, face, workflows } = deps;
  const { origin } = event;
  const known = await store.incidents.byThread(threadOf(origin));
  const person = await deps.directory.of({ kind: 'slack', team: origin.team, user: origin.user });
  if (known !== null && known.state !== 'queued') {
    if (person !== null) await takesCare(deps, person, known.id);
    if (person !== null && event.kind === 'slack.mention') return heard(deps, known, person, event);
    return face.say(origin, event.dedupeKey, statusWords(known));
  }
  if (person === null) return face.say(origin, event.dedupeKey, unknownPerson);
  if (event.kind === 'slack.mention' && isSmallTalk(event.text)) {
    return face.say(origin, event.dedupeKey, known === null ? help().text : statusWords(known));
  }
  const judged = judgeAsk(deps, person, origin);
  const refusal = await refusedWords(deps, judged, known?.id ?? null);
  if (refusal !== null) return face.say(origin, event.dedupeKey, `You cannot start an investigation: ${refusal}.`);
  const request = {
    key: `slack:${origin.team}:${origin.channel}:${origin.threadTs ?? origin.ts}`,
    title: titleOf(event.text),
    text: event.text,
    source: 'slack' as const,
    service: deps.serviceOfChannel(origin.channel),
    site: null,
    requester: person.id,
    slack: threadOf(origin),
  };
  const { incident } = await store.incidents.open(request, { kind: 'person', id: person.id }, judged);
  await face.firstReply(event, 'looking').catch(unlessRefused);
  await takesCare(deps, person, incident.id);
  await workflows.startOrWake(incident.key, incident.id);
}

/** What Slack refuses for good (an archived channel) must not keep the incident from being worked on. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'slack_refused')) throw error;
}

/** Does what an event asks for. May be repeated: every part of it is idempotent. Throws what should be tried again. */
export async function handleEvent(deps: HandleDeps, event: InboxEvent): Promise<void> {
  switch (event.kind) {
    case 'slack.mention':
    case 'slack.investigate':
      return handleSlack(deps, event);
    case 'linear.labels':
      return deps.linearLabels?.settle(event.issueId);
    case 'linear.session':
      return deps.linearSessions?.begin(event);
    case 'linear.prompt':
      return deps.linearSessions?.goOn(event);
    case 'pagerduty.event':
      return deps.alerts.page(event.event);
    case 'alertmanager.group':
      return deps.alerts.notification(event.group, event.tokenId);
    case 'alerts.opened':
      return deps.alerts.opened(event.incidentId, event.again);
    case 'alerts.board':
      return deps.alerts.board(event.incidentId);
    case 'api.incident': {
      const incident = await deps.store.incidents.get(event.incidentId);
      // Handled before, and over by now: a start would be a second run.
      if (incident.state === 'closed') return;
      return deps.workflows.startOrWake(incident.key, incident.id);
    }
    case 'wake': {
      const incident = await deps.store.incidents.get(event.incidentId);
      // An open one may be waiting for its start: what wakes it is tried again until then, so that a cancellation is not lost.
      if (incident.state === 'closed') return;
      return deps.workflows.wake(incident.key, event.reason);
    }
  }
}
