import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { activitiesOf, statusOf } from './agents.ts';
import type { SessionEvent } from './sessions.ts';
import type { IssueChange, LinearActor, User } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

/** Switches for tests; each acts on the deliveries that come next. */
export interface WebhookSwitches {
  /** The next `times` deliveries are never sent. */
  drop(times: number): void;
  /** The next `times` deliveries are sent `copies` times each, with the same id. */
  repeat(times: number, copies: number): void;
  /** The next `count` deliveries are held back until all are there, and sent in reverse order. */
  reverse(count: number): void;
  /** How many are still on their way, attempts to come included. */
  pending(): number;
}

export interface WebhookSender extends WebhookSwitches {
  /** Where deliveries go; none are made before. */
  to(url: string): void;
  send(change: IssueChange): void;
  sendSession(event: SessionEvent): void;
  stop(): Promise<void>;
}

interface Delivery {
  /** Repeated on every attempt. */
  readonly id: string;
  /** As in the header `Linear-Event`. */
  readonly type: 'Issue' | 'AgentSessionEvent';
  readonly payload: object;
}

/** Hexadecimal HMAC-SHA256 of the raw body. */
export function signLinear(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function actorOf(actor: LinearActor, origin: string): object | null {
  if (actor.kind === 'nobody') return null;
  if (actor.kind === 'integration') return { id: actor.id, service: actor.service, type: 'integration' };
  const { id, name, email, app } = actor.user;
  if (app) return { id, name, type: 'oauthClient' };
  return { id, type: 'user', name, email, url: `${origin}/#${id}` };
}

function payloadOf(workspace: LinearWorkspace, { action, issue, updatedFrom, actor }: IssueChange): object {
  const url = workspace.url(issue);
  const labels = workspace
    .labels()
    .filter(({ id }) => issue.labelIds.includes(id))
    .map(({ id, name, color }) => ({ id, name, color, parentId: null }));
  return {
    action,
    type: 'Issue',
    createdAt: issue.updatedAt,
    organizationId: workspace.team.id,
    webhookId: workspace.team.id,
    url,
    actor: actorOf(actor, new URL(url).origin),
    data: { ...issue, identifier: workspace.identifier(issue), url, labels, teamId: workspace.team.id },
    ...(updatedFrom === null ? {} : { updatedFrom }),
  };
}

function sessionPayload(workspace: LinearWorkspace, { action, session, issue, comment, activity, by }: SessionEvent): object {
  const { id, commentId, creatorId, createdAt } = session;
  const url = workspace.url(issue);
  const user = (one: User) => ({ id: one.id, name: one.name, email: one.email, url: `${new URL(url).origin}/#${one.id}` });
  return {
    action,
    type: 'AgentSessionEvent',
    createdAt: activity?.createdAt ?? createdAt,
    organizationId: workspace.team.id,
    oauthClientId: workspace.team.id,
    appUserId: workspace.viewer.id,
    webhookId: workspace.team.id,
    agentSession: {
      id,
      appUserId: workspace.viewer.id,
      organizationId: workspace.team.id,
      type: 'commentThread',
      status: statusOf(activitiesOf(workspace, id)),
      createdAt,
      updatedAt: createdAt,
      creatorId,
      creator: by === null || action !== 'created' ? null : user(by),
      issueId: issue.id,
      issue: {
        id: issue.id,
        identifier: workspace.identifier(issue),
        title: issue.title,
        description: issue.description,
        url,
        teamId: workspace.team.id,
      },
      commentId,
      comment: comment === null ? null : { id: commentId, body: comment, issueId: issue.id, userId: by?.id ?? null },
      url,
    },
    ...(activity === null
      ? {}
      : {
          agentActivity: {
            id: activity.id,
            agentSessionId: id,
            content: activity.content,
            signal: activity.signal,
            createdAt: activity.createdAt,
            updatedAt: activity.createdAt,
            userId: activity.userId,
            ...(by === null ? {} : { user: user(by) }),
          },
        }),
  };
}

export interface SenderOptions {
  readonly workspace: LinearWorkspace;
  readonly secret: string;
  /** Milliseconds before each further attempt; Linear makes three. */
  readonly retryAfterMs: readonly number[];
  readonly log: Logger;
}

/** What is still to be sent ends with the process: Linear's own retries end as well, so receivers reconcile. */
export function createWebhookSender({ workspace, secret, retryAfterMs, log }: SenderOptions): WebhookSender {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const state = { url: null as string | null, drop: 0, repeat: 0, copies: 1, reverse: 0, held: [] as Delivery[] };

  async function attempt(url: string, { id, type, payload }: Delivery): Promise<boolean> {
    const body = JSON.stringify({ ...payload, webhookTimestamp: Date.now() });
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Linear-Webhook',
      'linear-delivery': id,
      'linear-event': type,
      'linear-signature': signLinear(secret, body),
    };
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(5_000)]);
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  async function deliver(url: string, delivery: Delivery): Promise<void> {
    for (const wait of [0, ...retryAfterMs]) {
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted || (await attempt(url, delivery))) return;
    }
    log.warn({ delivery: delivery.id }, 'a webhook of the local Linear was not taken');
  }

  function begin(run: () => Promise<void>): void {
    const one = run().finally(() => running.delete(one));
    running.add(one);
  }

  function release(url: string): void {
    const held = state.held.splice(0).toReversed();
    begin(async () => {
      for (const delivery of held) await deliver(url, delivery);
    });
  }

  function dispatch(url: string, delivery: Delivery): void {
    if (state.drop > 0) {
      state.drop -= 1;
      return;
    }
    if (state.reverse > 0) {
      state.held.push(delivery);
      state.reverse -= 1;
      if (state.reverse === 0) release(url);
      return;
    }
    const copies = state.repeat > 0 ? state.copies : 1;
    state.repeat = Math.max(0, state.repeat - 1);
    for (let copy = 0; copy < copies; copy += 1) begin(() => deliver(url, delivery));
  }

  return {
    to: (url) => {
      state.url = url;
      workspace.documents.put('webhook', 'webhook', null, {
        id: 'webhook',
        url,
        enabled: true,
        resourceTypes: ['Issue', 'AgentSessionEvent'],
      });
    },
    send: (change) => {
      if (state.url !== null) dispatch(state.url, { id: randomUUID(), type: 'Issue', payload: payloadOf(workspace, change) });
    },
    sendSession: (event) => {
      if (state.url === null) return;
      dispatch(state.url, { id: randomUUID(), type: 'AgentSessionEvent', payload: sessionPayload(workspace, event) });
    },
    drop: (times) => {
      state.drop = times;
    },
    repeat: (times, copies) => {
      state.repeat = times;
      state.copies = copies;
    },
    reverse: (count) => {
      state.reverse = count;
    },
    pending: () => running.size + state.held.length,
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
