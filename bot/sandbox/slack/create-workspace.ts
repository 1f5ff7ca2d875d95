import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { createFeed } from './feed.ts';
import { createResponseUrls } from './response-urls.ts';
import { keep } from './store/database.ts';
import { messageStore } from './store/messages.ts';
import { createTriggers } from './triggers.ts';
import type { LocalSlackOptions, Timing } from './types.ts';
import { createViewStore } from './views.ts';
import type { LocalApp, Workspace } from './workspace.ts';

export const team = { id: 'T0LOCAL', name: 'Local Slack', domain: 'local-slack' } as const;

const slackTiming: Timing = { ack: 3_000, retries: [1_000, 60_000, 300_000], trigger: 3_000, ping: 10_000 };

export function timingOf(options: LocalSlackOptions): Timing {
  return { ...slackTiming, ...options.timing };
}

/** The app and its made-up credentials: made once per database. */
export function installApp(database: DatabaseSync): LocalApp {
  const secret = (name: string, prefix: string) => keep(database, name, () => `${prefix}${randomBytes(16).toString('hex')}`);
  return {
    id: 'A0WATCHKEEPER',
    botId: 'B0WATCHKEEPER',
    botUserId: 'U0WATCHKEEPER',
    handle: 'watchkeeper',
    name: 'Watchkeeper',
    verificationToken: secret('verification_token', ''),
    botToken: secret('bot_token', 'xoxb-local-'),
    appToken: secret('app_token', 'xapp-local-'),
    signingSecret: secret('signing_secret', ''),
  };
}

export interface WorkspaceParts extends Pick<Workspace, 'app' | 'database' | 'events' | 'transport' | 'origin'> {
  readonly options: LocalSlackOptions;
}

export function createWorkspace(parts: WorkspaceParts): Workspace {
  const { options, app, database, events, transport, origin } = parts;
  const timing = timingOf(options);
  return {
    team,
    app,
    people: options.people,
    channels: options.channels,
    unsupported: options.unsupported ?? {},
    timing,
    log: options.log,
    database,
    messages: messageStore(database),
    feed: createFeed(),
    triggers: createTriggers(timing.trigger),
    views: createViewStore({ teamId: team.id, appId: app.id, botId: app.botId }),
    responseUrls: createResponseUrls(),
    events,
    transport,
    statuses: new Map(),
    origin,
  };
}
