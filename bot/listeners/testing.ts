import { createLinks } from '../../blocks/links.ts';
import { incident, shown } from '../../blocks/testing.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Verdict } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Person } from '../config-file.ts';
import { createDirectory } from '../people.ts';
import type { InboxEvent, VoteOutcome, VoteRequest } from '../ports.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { hand, listen, messagesOf } from '../sandbox/slack/testing.ts';
import type { Json } from '../sandbox/slack/types.ts';
import { mask, posterOf, silent, testClient } from '../slack/testing.ts';
import { createSlackApp, type SlackApp } from './app.ts';
import type { Feedback, ListenerPorts, Refused } from './context.ts';

/** Support for tests of listeners: the real Bolt app against the local Slack, with the ports of other rooms written by hand. */

export const channel = 'C0INCIDENTS';

/** What arrived, and a promise of what arrives next. */
export interface Tape<T> {
  readonly all: T[];
  add(item: T): void;
  next(): Promise<T>;
}

function tape<T>(): Tape<T> {
  const all: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    all,
    add(item) {
      all.push(item);
      waiting.shift()?.(item);
    },
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

export interface World {
  readonly slack: LocalSlack;
  readonly app: SlackApp;
  readonly received: Tape<InboxEvent>;
  readonly votes: Tape<VoteRequest>;
  readonly cancelled: Tape<{ id: string; by: string }>;
  readonly refused: Tape<Refused>;
  readonly feedback: Tape<Feedback>;
  readonly refreshed: string[];
  /** Changed by tests. */
  readonly state: {
    plan: StoredPlan | null;
    outcome: VoteOutcome | Error;
    choices: readonly Verdict[];
    incident: Incident;
    intake: Error | null;
    signIn: boolean;
  };
}

const approver = { roles: ['approver' as const] };

function peopleOf(team: string): Person[] {
  return [
    { id: 'alice', name: 'Alice Ahn', ...approver, slack: { team, user: 'U0ALICE' } },
    { id: 'bob', name: 'Bob Brandt', roles: ['viewer'], slack: { team, user: 'U0BOB' } },
    { id: 'frida', name: 'Frida Foreign', ...approver, slack: { team: 'T0PARTNER', user: 'U0FRIDA' } },
  ];
}

export function worldOf(
  slack: LocalSlack,
  tokens?: { bot?: string; app?: string | undefined; signingSecret?: string | undefined },
  ports: Partial<ListenerPorts> = {},
): World {
  const state: World['state'] = {
    plan: shown,
    outcome: { kind: 'recorded', person: 'alice', approvals: 1, needed: 1, missing: null, decided: 'approved' },
    incident,
    choices: ['approve', 'reject', 'request_changes'],
    intake: null,
    signIn: true,
  };
  const received = tape<InboxEvent>();
  const votes = tape<VoteRequest>();
  const cancelled = tape<{ id: string; by: string }>();
  const refused = tape<Refused>();
  const feedback = tape<Feedback>();
  const refreshed: string[] = [];
  const app = createSlackApp({
    tokens: { bot: slack.botToken, app: slack.appToken, signingSecret: undefined, ...tokens },
    apiUrl: slack.apiUrl,
    client: testClient({ ...slack, botToken: tokens?.bot ?? slack.botToken }),
    intake: {
      async receive(event) {
        received.add(event);
        if (state.intake !== null) throw state.intake;
        return true;
      },
    },
    votes: {
      choices: async () => state.choices,
      async cast(request) {
        votes.add(request);
        if (state.outcome instanceof Error) throw state.outcome;
        return state.outcome;
      },
    },
    incidents: {
      open: () => Promise.reject(new Error('listeners open nothing themselves')),
      async cancel(id, by) {
        cancelled.add({ id, by: String(by) });
        return true;
      },
    },
    reads: {
      plan: async () => state.plan,
      incident: async (id) => (id === incident.id ? state.incident : null),
      openIncidents: async () => [incident],
      siteRunners: async () => [],
      pendingPlans: async () => (state.plan === null ? [] : [state.plan]),
    },
    invitations: { invite: async ({ user }) => (state.signIn ? `https://wk.example/link/${user}` : null) },
    poster: posterOf(slack),
    directory: createDirectory(peopleOf(slack.team.id)),
    nameOf: (id) => id,
    links: createLinks(null),
    redact: mask,
    log: silent,
    filesOf: async () => new Map(),
    refreshCard: async (planId) => {
      refreshed.push(planId);
    },
    onFeedback: async (given) => feedback.add(given),
    onRefused: async (given) => refused.add(given),
    ...ports,
  });
  return { slack, app, received, votes, cancelled, refused, feedback, refreshed, state };
}

/** Does something, and answers the ephemeral message that a person then gets. */
export async function told(slack: LocalSlack, user: string, channelId: string, act: () => Promise<unknown>): Promise<Json> {
  const events = await listen(slack, user);
  await act();
  await events.next((event) => event['type'] === 'ephemeral');
  await events.stop();
  const seen = await messagesOf(slack, channelId, `?user=${user}`);
  const inThreads = await Promise.all(
    seen.map((message) => messagesOf(slack, channelId, `?user=${user}&thread_ts=${String(message['thread_ts'] ?? message['ts'])}`)),
  );
  const mine = [...seen, ...inThreads.flat()].filter((message) => message['is_ephemeral'] === true);
  return mine.toSorted((a, b) => Number(a['ts']) - Number(b['ts'])).at(-1) ?? {};
}

/** Does something, and answers the view that then opens. */
export async function opened(slack: LocalSlack, user: string, act: () => Promise<unknown>): Promise<Json> {
  const events = await listen(slack, user);
  await act();
  const view = (await events.next((event) => event['type'] === 'view_opened'))['view'] as Json;
  await events.stop();
  return view;
}

export function submit(slack: LocalSlack, user: string, view: Json, values: Json): Promise<{ status: number; body: Json }> {
  return hand(slack, `views/${String(view['id'])}/submit`, { user, values });
}
