import { createLinks } from '../../blocks/links.ts';
import { notice } from '../../blocks/notice.ts';
import type { Chat, Membership } from '../../workflows/ports.ts';
import type { Core } from '../core.ts';
import { engage } from '../engagement.ts';
import { createPanels } from '../evidence/panels.ts';
import { createEvidencePicture } from '../evidence/picture.ts';
import type { Invitations } from '../identity/invitations.ts';
import { type Face, noFace } from '../intake/face.ts';
import { createSlackApp, type SlackApp } from '../listeners/app.ts';
import type { Refused, SlackReads } from '../listeners/context.ts';
import { createLinearUsers } from '../mirrors/linear/users.ts';
import type { Intake } from '../ports.ts';
import { createPostmortemSnippet } from '../postmortem/snippet.ts';
import { runnersBySite } from '../runner-states.ts';
import { createAccounts } from '../slack/accounts.ts';
import { type AlertBoard, createAlertBoard, noAlertBoard } from '../slack/alert-board.ts';
import { createCanvases } from '../slack/canvases.ts';
import { createCards } from '../slack/cards.ts';
import { createChat } from '../slack/chat.ts';
import { createSlackClient } from '../slack/client.ts';
import { createEnclosures } from '../slack/enclosures.ts';
import { createFirstReply } from '../slack/first-reply.ts';
import { createIdentity } from '../slack/identity.ts';
import { createMembership } from '../slack/membership.ts';
import { createPoster, type Poster } from '../slack/poster.ts';
import type { SlackPosts } from '../slack/posts.ts';
import { createQuietChat } from '../slack/quiet-chat.ts';
import { createSnippets } from '../slack/snippets.ts';
import { recordedOfIncident, recordedOfPlan } from '../store/audit-recorded.ts';
import { inTransaction } from '../store/pool.ts';
import { listRunnerReports } from '../store/runner-reports.ts';
import type { LinearPlace } from './mirror.ts';

export interface SlackTokens {
  readonly bot: string;
  readonly app: string | undefined;
  readonly signingSecret: string | undefined;
  /** Ends in `/api/`; undefined for Slack itself. */
  readonly apiUrl: string | undefined;
}

/** Slack as the other parts use it: without the listeners, which only the bot role has. */
export interface SlackSide {
  readonly chat: Chat;
  readonly face: Face;
  readonly board: AlertBoard;
  /** Null: Slack is off. */
  readonly connect: ((intake: Intake, invitations: Invitations) => SlackApp) | null;
  readonly membership: Membership;
}

function nameOf(core: Core): (id: string) => string {
  return (id) => core.directory.byId(id)?.name ?? id;
}

function postsOf({ store: { slackPosts } }: Core): SlackPosts {
  return {
    find: (key) => slackPosts.get(key),
    under: (prefix) => slackPosts.under(prefix),
    save: (key, post) => slackPosts.put({ key, ...post }),
  };
}

function channelFor(core: Core): (incident: { service: string | null }) => string | null {
  return ({ service }) => core.estate.services.find(({ name }) => name === service)?.channel ?? core.file.channels.default ?? null;
}

function readsOf(core: Core): SlackReads {
  const { plans, incidents } = core.store;
  const orNull = async <T>(read: Promise<T>) => {
    try {
      return await read;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'not_found') return null;
      throw error;
    }
  };
  return {
    plan: (id) => orNull(plans.get(id)),
    incident: (id) => orNull(incidents.get(id)),
    openIncidents: async () => Promise.all((await incidents.openIds()).map((id) => incidents.get(id))),
    pendingPlans: () => plans.pending(20),
    siteRunners: async () => runnersBySite(core.file.sites, await listRunnerReports(core.pool, core.store.now()), core.registry.hash),
  };
}

/** Who was turned away at the door is audited like every other refusal. */
async function auditRefusal(core: Core, { who, what, code }: Refused): Promise<void> {
  await inTransaction(core.pool, (tx) =>
    core.store.record(tx, {
      kind: 'person.refused',
      actor: { kind: 'person', id: `slack:${who.team}/${who.user}` },
      incidentId: null,
      ids: { what, code },
    }),
  );
}

async function auditFeedback(core: Core, incidentId: string, who: { team: string; user: string }, verdict: string): Promise<void> {
  const person = await core.directory.of({ kind: 'slack', ...who });
  const id = person?.id ?? `slack:${who.team}/${who.user}`;
  await inTransaction(core.pool, async (tx) => {
    await core.store.record(tx, { kind: 'finding.feedback', actor: { kind: 'person', id }, incidentId, ids: { verdict } });
    if (person !== null) await engage(tx, core.store.record, person, incidentId);
  });
}

function faceOf(poster: Poster): Face {
  return {
    firstReply: createFirstReply(poster),
    async say(origin, key, text) {
      await poster.once(`event:${key}:say`, { channel: origin.channel, threadTs: origin.threadTs ?? origin.ts }, { view: notice(text) });
    },
  };
}

/** `publicUrl`: PUBLIC_URL; null: messages carry references without addresses, and nobody looks for proofs of them. */
export function createSlackSide(
  core: Core,
  tokens: SlackTokens | null,
  publicUrl: string | null,
  linearPlace: LinearPlace | null,
): SlackSide {
  const { directory } = core;
  const linear = linearPlace === null ? null : createLinearUsers(linearPlace);
  const quiet = { chat: createQuietChat(), face: noFace, board: noAlertBoard, connect: null };
  if (tokens === null) return { ...quiet, membership: createMembership({ directory, slack: null, linear }) };
  const redact = (text: string) => core.redactor.text(text).text;
  const { log, pool } = core;
  const links = createLinks(publicUrl);
  const linked = (read: typeof recordedOfPlan) => async (id: string) => (publicUrl === null ? [] : read(pool, id));
  const client = createSlackClient(tokens.bot, { apiUrl: tokens.apiUrl, log });
  const identity = createIdentity(client);
  const posts = postsOf(core);
  const poster = createPoster({ client, posts, redact, log });
  const common = { client, poster, redact, nameOf: nameOf(core), links, log };
  const files = core.store.slackFiles;
  const snippets = createSnippets({ client, files, redact, log });
  const cards = createCards({
    ...common,
    posts,
    files,
    snippets,
    groupsOf: async (id) => (await core.directory.current(id))?.groups ?? [],
    recordedOf: linked(recordedOfPlan),
    similarTo: (incidentId) => core.store.memories.similar(incidentId),
  });
  const chat = createChat({
    ...common,
    posts,
    cards,
    enclosures: createEnclosures({ snippets, canvases: createCanvases({ client, poster, files, redact, log }), log }),
    drawEvidence: createEvidencePicture(core.store, redact),
    panelsOf: createPanels(core.store.observations),
    writePostmortem: createPostmortemSnippet(core.store, redact),
    accountOf: (id) => core.directory.byId(id)?.slack ?? null,
    channelFor: channelFor(core),
    recordedOf: linked(recordedOfIncident),
    onThread: (id, thread) => core.store.incidents.setThread(id, thread),
  });
  const refreshCard = async (planId: string) => {
    const stored = await core.store.plans.get(planId);
    await chat.card(await core.store.incidents.get(stored.plan.incidentId), stored);
  };
  return {
    chat,
    face: faceOf(poster),
    membership: createMembership({ directory, slack: { accounts: createAccounts({ client, identity, believedMs: 0 }), identity }, linear }),
    board: createAlertBoard(poster, redact),
    connect: (intake, invitations) =>
      createSlackApp({
        ...common,
        tokens,
        apiUrl: tokens.apiUrl,
        intake,
        votes: core.votes,
        incidents: core.incidents,
        reads: readsOf(core),
        directory,
        invitations,
        filesOf: cards.filesOf,
        refreshCard,
        onFeedback: ({ incidentId, who, verdict }) => auditFeedback(core, incidentId, who, verdict),
        onRefused: (refused) => auditRefusal(core, refused),
      }),
  };
}
