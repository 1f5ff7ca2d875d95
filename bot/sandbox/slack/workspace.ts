import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import type { EventQueue } from './delivery/queue.ts';
import type { Transport } from './delivery/transport.ts';
import type { Feed } from './feed.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { MessageStore } from './store/messages.ts';
import type { Triggers } from './triggers.ts';
import type { LocalChannel, LocalPerson, Team, Timing, Unsupported } from './types.ts';
import type { ViewStore } from './views.ts';

export interface LocalApp {
  readonly id: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly handle: string;
  readonly name: string;
  /** The deprecated verification token that payloads still carry. */
  readonly verificationToken: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
}

/** What every part of the stand-in works on. One per server; nothing is shared between servers. */
export interface Workspace {
  readonly team: Team;
  readonly app: LocalApp;
  readonly people: readonly LocalPerson[];
  readonly channels: readonly LocalChannel[];
  readonly unsupported: Unsupported;
  readonly timing: Timing;
  readonly log: Logger;
  readonly database: DatabaseSync;
  readonly messages: MessageStore;
  readonly feed: Feed;
  readonly triggers: Triggers;
  readonly views: ViewStore;
  readonly responseUrls: ResponseUrls;
  readonly events: EventQueue;
  readonly transport: Transport;
  /** What an app says that it is doing, by `channel/thread_ts`. */
  readonly statuses: Map<string, string>;
  /** `http://127.0.0.1:PORT`; known once the server listens. */
  origin(): string;
}
