import type { RequestListener } from 'node:http';
import { App } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { createAccounts } from '../slack/accounts.ts';
import { clientOptions, createSlackClient } from '../slack/client.ts';
import { createIdentity } from '../slack/identity.ts';
import { slackLogger } from '../slack/logger.ts';
import { registerActions } from './actions/index.ts';
import { registerCommands } from './commands/index.ts';
import type { ListenerContext, ListenerPorts } from './context.ts';
import { registerEvents } from './events/index.ts';
import { registerHome } from './home/index.ts';
import { createHttpReceiver, createSocketReceiver } from './receiver.ts';
import { registerShortcuts } from './shortcuts/index.ts';
import { registerViews } from './views/index.ts';

export interface SlackAppOptions extends ListenerPorts {
  /** `app` (Socket Mode) wins over `signingSecret` (HTTP). */
  readonly tokens: { readonly bot: string; readonly app: string | undefined; readonly signingSecret: string | undefined };
  /** Ends in `/api/`; undefined for Slack itself. */
  readonly apiUrl: string | undefined;
  /** Made from `tokens.bot` unless given. */
  readonly client?: WebClient;
}

export interface SlackApp {
  readonly app: App;
  /** HTTP mode: serve `POST /slack/events` with it. Null in Socket Mode. */
  readonly listener: RequestListener | null;
  /** Throws SlackStartFailed. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Slack let us not in: the message says which token, and Slack's word for it. */
export class SlackStartFailed extends Error {
  readonly code = 'slack_start_failed';
  constructor(what: string, cause: unknown) {
    const said = cause instanceof Error ? cause.message : 'unknown error';
    super(`${what}: ${said}`, { cause });
    this.name = 'SlackStartFailed';
  }
}

function receiverFor({ tokens, apiUrl, log }: SlackAppOptions) {
  const logger = slackLogger(log);
  if (tokens.app !== undefined) return { receiver: createSocketReceiver(tokens.app, apiUrl, logger), listener: null };
  if (tokens.signingSecret !== undefined) return createHttpReceiver(tokens.signingSecret, logger);
  throw new SlackStartFailed('Slack cannot reach us', new Error('set SLACK_APP_TOKEN or SLACK_SIGNING_SECRET'));
}

export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { tokens, apiUrl, log } = options;
  const connection = { apiUrl, log };
  const client = options.client ?? createSlackClient(tokens.bot, connection);
  const identity = createIdentity(client);
  const { receiver, listener } = receiverFor(options);
  const app = new App({
    receiver,
    token: tokens.bot,
    deferInitialization: true,
    clientOptions: clientOptions(connection),
    logger: slackLogger(log),
  });
  // Resolving here would acknowledge an event that was not stored.
  app.error(async (error) => {
    log.error({ err: error }, 'slack listener failed');
    throw error;
  });
  const context: ListenerContext = { ...options, client, identity, accounts: createAccounts({ client, identity }) };
  for (const register of [registerEvents, registerActions, registerViews, registerCommands, registerShortcuts, registerHome])
    register(app, context);
  return {
    app,
    listener,
    async start() {
      await identity().catch((error: unknown) => {
        throw new SlackStartFailed('SLACK_BOT_TOKEN was not accepted', error);
      });
      await app.init();
      await app.start().catch((error: unknown) => {
        throw new SlackStartFailed('SLACK_APP_TOKEN was not accepted', error);
      });
    },
    stop: async () => {
      await app.stop();
    },
  };
}
