import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { findingFeedback } from '../../blocks/finding-feedback.ts';
import { findingsMessage } from '../../blocks/findings.ts';
import { createLinks } from '../../blocks/links.ts';
import { notice } from '../../blocks/notice.ts';
import { opening } from '../../blocks/opening.ts';
import { planCard } from '../../blocks/plan-card.ts';
import { progressPlan } from '../../blocks/progress-plan.ts';
import { progressSections } from '../../blocks/progress-sections.ts';
import { resultMessage } from '../../blocks/result.ts';
import { settledCard } from '../../blocks/settled-card.ts';
import type { NameOf } from '../../blocks/shown-plan.ts';
import { stoppedMessage } from '../../blocks/stopped.ts';
import type { Incident, SlackThread } from '../../workflows/contracts/incident.ts';
import type { Chat, Progress } from '../../workflows/ports.ts';
import type { Rendering } from './dialect.ts';
import type { Place } from './find-posted.ts';
import { createIdentity } from './identity.ts';
import { createLatestWins } from './latest-wins.ts';
import type { Poster } from './poster.ts';
import type { SlackPosts } from './posts.ts';
import { redactData } from './redact-leaves.ts';

export interface ChatOptions {
  readonly client: WebClient;
  readonly poster: Poster;
  readonly posts: SlackPosts;
  readonly redact: (text: string) => string;
  readonly publicUrl: string | null;
  readonly nameOf: NameOf;
  /** Channel for an incident that did not start in Slack; null where none is configured. */
  readonly channelFor: (incident: Incident) => string | null;
  /** Keeps the thread that was opened for an incident. */
  readonly onThread: (incidentId: string, thread: SlackThread) => Promise<void>;
  readonly log: Logger;
  /** Milliseconds between two updates of one progress message; a second unless told. */
  readonly progressIntervalMs?: number;
}

interface Update {
  readonly incident: Incident;
  readonly progress: Progress;
}

function rootKey(incident: Incident): string {
  return `incident:${incident.id}:root`;
}

/** The first investigation of an incident has the plain key. */
function inRound(key: string, round: number): string {
  return round === 0 ? key : `${key}:${round}`;
}

function isFinal({ tasks }: Progress): boolean {
  return tasks.every((task) => task.state === 'done' || task.state === 'failed');
}

/** The incident's conversation in Slack. Throws what the poster throws. */
export function createChat(options: ChatOptions): Chat {
  const { client, poster, posts, redact, nameOf, log } = options;
  const links = createLinks(options.publicUrl);
  const identity = createIdentity(client);
  const clean = <T>(data: T): T => redactData(data, redact);
  const throttle = createLatestWins<Update>(sendProgress, options.progressIntervalMs ?? 1000, (error) =>
    log.warn({ err: error }, 'slack progress update failed'),
  );

  async function placeOf(incident: Incident): Promise<Place | null> {
    if (incident.slack !== null) return { channel: incident.slack.channel, threadTs: incident.slack.threadTs };
    const root = await posts.find(rootKey(incident));
    if (root !== null && root.ts !== '') return { channel: root.channel, threadTs: root.ts };
    log.info({ incident: incident.id }, 'incident has no slack thread, message left out');
    return null;
  }

  async function upsert(incident: Incident, what: string, rendering: Rendering): Promise<void> {
    const place = await placeOf(incident);
    if (place !== null) await poster.upsert(what, place, rendering);
  }

  function sendProgress({ incident, progress }: Update): Promise<void> {
    const shown = clean({ incidentId: incident.id, ...progress, open: incident.state !== 'closed' });
    return upsert(incident, inRound(`incident:${incident.id}:progress`, progress.round), {
      view: progressPlan(shown),
      fallback: progressSections(shown),
    });
  }

  return {
    async openThread(incident) {
      if (incident.slack !== null) return;
      const channel = options.channelFor(incident);
      if (channel === null) return log.warn({ incident: incident.id }, 'no slack channel is configured for this incident');
      const root = await poster.once(rootKey(incident), { channel, threadTs: null }, { view: opening(clean(incident), links) });
      const { team } = await identity();
      await options.onThread(incident.id, { team, channel: root.channel, threadTs: root.ts });
    },
    progress: (incident, progress) => throttle.offer(inRound(incident.id, progress.round), { incident, progress }, isFinal(progress)),
    async findings(incident, round, findings, gaps) {
      const view = findingsMessage(clean({ incidentId: incident.id, findings, gaps }), links);
      const withFeedback = { ...view, blocks: [...view.blocks, findingFeedback(incident.id)] };
      const key = inRound(`incident:${incident.id}:findings`, round);
      await upsert(incident, key, findings.length === 0 ? { view } : { view: withFeedback, fallback: view });
    },
    async card(incident, stored) {
      const shown = clean(stored);
      const view = stored.state === 'pending' ? planCard(shown, links, nameOf) : settledCard(shown, links, nameOf);
      await upsert(incident, `plan:${stored.plan.id}:card`, { view });
    },
    async stopped(incident, planId, stop) {
      await upsert(incident, `plan:${planId}:stopped`, { view: stoppedMessage(clean(stop)) });
    },
    async say(incident, key, text) {
      const place = await placeOf(incident);
      if (place !== null) await poster.once(`incident:${incident.id}:say:${key}`, place, { view: notice(redact(text)) });
    },
    async result(incident, summary, stored) {
      const shown = clean({ incidentId: incident.id, outcome: incident.outcome, summary });
      await upsert(incident, `incident:${incident.id}:result`, {
        view: resultMessage(shown, stored === null ? null : clean(stored), links),
      });
    },
  };
}
