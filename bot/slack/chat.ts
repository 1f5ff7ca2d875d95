import { findingFeedback } from '../../blocks/finding-feedback.ts';
import { findingsMessage } from '../../blocks/findings.ts';
import type { Links } from '../../blocks/links.ts';
import { notice } from '../../blocks/notice.ts';
import { opening } from '../../blocks/opening.ts';
import { progressPlan } from '../../blocks/progress-plan.ts';
import { progressSections } from '../../blocks/progress-sections.ts';
import type { Recorded } from '../../blocks/proofs.ts';
import { resultMessage } from '../../blocks/result.ts';
import { stoppedMessage } from '../../blocks/stopped.ts';
import type { Incident, SlackThread } from '../../workflows/contracts/incident.ts';
import type { Chat, Progress } from '../../workflows/ports.ts';
import type { Panel } from '../evidence/panels.ts';
import { createAlarm } from './alarm.ts';
import type { Rendering } from './dialect.ts';
import type { Enclosures } from './enclosures.ts';
import type { Place } from './find-posted.ts';
import { createIdentity } from './identity.ts';
import { createLatestWins } from './latest-wins.ts';
import { redactData } from './redact-leaves.ts';
import { createReminders, type RemindersOptions } from './reminders.ts';
import type { Picture, Snippet } from './snippets.ts';

export interface ChatOptions extends RemindersOptions {
  readonly redact: (text: string) => string;
  readonly links: Links;
  /** Channel for an incident that did not start in Slack; null where none is configured. */
  readonly channelFor: (incident: Incident) => string | null;
  /** Decisions about an incident that are in the audit log, in their order. */
  readonly recordedOf: (incidentId: string) => Promise<readonly Recorded[]>;
  /** Keeps the thread that was opened for an incident. */
  readonly onThread: (incidentId: string, thread: SlackThread) => Promise<void>;
  readonly enclosures: Enclosures;
  /** The evidence as a picture: with the findings, or at the end. Null where there is nothing to show. */
  readonly drawEvidence: (incident: Incident, moment: 'found' | 'ended') => Promise<Picture | null>;
  /** Pictures of panels that were read for the incident: each is shared once, below the first findings after it. */
  readonly panelsOf: (incident: Incident) => Promise<readonly Panel[]>;
  /** The postmortem of an incident that is closed; null for one in which nothing was wrong. */
  readonly writePostmortem: (incident: Incident) => Promise<Snippet | null>;
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
  const { client, poster, posts, cards, redact, links, log, enclosures, drawEvidence, panelsOf, writePostmortem } = options;
  const sendReminder = createReminders(options);
  const identity = createIdentity(client);
  const sendAlarm = createAlarm({ ...options, identity });
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

  /** After the message that it belongs to, which does not wait for it. */
  async function enclose(incident: Incident, what: string, make: () => Promise<Picture | Snippet | null>): Promise<void> {
    const place = await placeOf(incident);
    if (place !== null) enclosures.offer(`incident:${incident.id}:${what}`, place, make);
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
    async findings(incident, round, findings, gaps, similar = []) {
      const view = findingsMessage(clean({ incidentId: incident.id, findings, gaps, similar }), links);
      const withFeedback = { ...view, blocks: [...view.blocks, findingFeedback(incident.id)] };
      const key = inRound(`incident:${incident.id}:findings`, round);
      await upsert(incident, key, findings.length === 0 ? { view } : { view: withFeedback, fallback: view });
      if (findings.length > 0) await enclose(incident, inRound('evidence', round), () => drawEvidence(incident, 'found'));
      for (const { id, draw } of await panelsOf(incident)) await enclose(incident, `panel:${id.slice(0, 16)}`, draw);
    },
    card: async (incident, stored) => cards.show(await placeOf(incident), stored),
    remind: async (incident, stored, reminder) => sendReminder(await placeOf(incident), stored, reminder),
    alarm: async (incident, stored, people) => sendAlarm(await placeOf(incident), stored, people),
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
        view: resultMessage(shown, stored === null ? null : clean(stored), links, await options.recordedOf(incident.id)),
      });
      await enclose(incident, 'evidence:end', () => drawEvidence(incident, 'ended'));
      const place = await placeOf(incident);
      if (place !== null) enclosures.offerDocument(`incident:${incident.id}:postmortem`, place, () => writePostmortem(incident));
    },
  };
}
