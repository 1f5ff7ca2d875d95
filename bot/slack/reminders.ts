import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { directReminder, reminder as reminderView } from '../../blocks/reminder.ts';
import type { NameOf } from '../../blocks/shown-plan.ts';
import type { Reminder, StoredPlan } from '../../workflows/ports.ts';
import type { Cards } from './cards.ts';
import { SlackUnavailable } from './errors.ts';
import type { Place } from './find-posted.ts';
import { createIdentity } from './identity.ts';
import type { Poster } from './poster.ts';
import type { SlackPosts } from './posts.ts';

export interface RemindersOptions {
  readonly client: WebClient;
  readonly poster: Poster;
  readonly posts: SlackPosts;
  readonly cards: Cards;
  readonly nameOf: NameOf;
  /** The Slack account of a person; null where none is mapped. */
  readonly accountOf: (personId: string) => { readonly team: string; readonly user: string } | null;
  readonly log: Logger;
}

/** Reminds people of a plan: in the thread of its incident, and each of them by a direct message with the card. */
export type SendReminder = (place: Place | null, stored: StoredPlan, reminder: Reminder) => Promise<void>;

/** Throws SlackUnavailable, after which a repeated call sends what is missing. What Slack refuses for good is logged. */
export function createReminders({ client, poster, posts, cards, nameOf, accountOf, log }: RemindersOptions): SendReminder {
  const identity = createIdentity(client);

  /** The card as a direct message; when the person has it already, a word below it, because an update notifies nobody. */
  async function direct(person: string, user: string, place: Place | null, stored: StoredPlan, reminder: Reminder): Promise<void> {
    const noteKey = `plan:${stored.plan.id}:remind:${reminder.key}:${person}`;
    const before = await posts.find(`plan:${stored.plan.id}:card:${person}`);
    const card = await cards.copy(person, user, place, stored);
    if (before === null || before.ts === '') return;
    await poster.once(noteKey, { channel: card.channel, threadTs: card.ts }, { view: directReminder(reminder.minutesLeft) });
  }

  return async (place, stored, reminder) => {
    const { team } = await identity();
    const people = reminder.people.map((id) => {
      const account = accountOf(id);
      return { id, name: nameOf(id), user: account?.team === team ? account.user : null };
    });
    const { goal } = stored.plan;
    const view = reminderView({ ...reminder, goal, people });
    const sent = await Promise.allSettled([
      place === null ? null : poster.once(`plan:${stored.plan.id}:remind:${reminder.key}`, place, { view }),
      ...people.map(({ id, user }) => (user === null ? null : direct(id, user, place, stored, reminder))),
    ]);
    const failures = sent.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    for (const error of failures) log.warn({ err: error, planId: stored.plan.id }, 'a reminder could not be sent');
    const away = failures.find((error) => error instanceof SlackUnavailable);
    if (away !== undefined) throw away;
  };
}
