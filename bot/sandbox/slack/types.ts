import type { Logger } from 'pino';

/** A JSON object as it travels to and from apps. */
export type Json = Record<string, unknown>;

export interface LocalPerson {
  /** `U…` */
  readonly id: string;
  /** Without the at sign. */
  readonly handle: string;
  readonly name: string;
  readonly email: string;
  /** Id of a foreign team: this person comes in through Slack Connect. */
  readonly team?: string;
  readonly guest?: boolean;
  readonly bot?: boolean;
  readonly deactivated?: boolean;
}

export interface LocalChannel {
  /** `C…` */
  readonly id: string;
  /** Without the number sign. */
  readonly name: string;
  readonly topic: string;
  /** Shared with another team through Slack Connect. */
  readonly external?: boolean;
}

/** What this server is told not to know, as an older or other compatible server would not. */
export interface Unsupported {
  /** Web API methods, e.g. `agents.sessions.setStatus`: they answer `unknown_method`. */
  readonly methods?: readonly string[];
  /** Block types, e.g. `plan`: they are refused with `invalid_blocks`. */
  readonly blocks?: readonly string[];
  /** Scopes that the app was installed without, e.g. `files:write`: methods that need one answer `missing_scope`. */
  readonly scopes?: readonly string[];
}

/** All in milliseconds. */
export interface Timing {
  /** How long an app may take to acknowledge. Slack: 3 s. */
  readonly ack: number;
  /** Waits before the first, second and third retry of an event. */
  readonly retries: readonly number[];
  /** Lifetime of a trigger id. Slack: about 3 s. */
  readonly trigger: number;
  /** Interval of WebSocket pings; the client gives up after 30 s without one. */
  readonly ping: number;
}

export interface LocalSlackOptions {
  readonly host: '127.0.0.1';
  /** 0 takes any free port. */
  readonly port: number;
  /** A node:sqlite database file; `:memory:` keeps nothing. */
  readonly dataFile: string;
  readonly people: readonly LocalPerson[];
  readonly channels: readonly LocalChannel[];
  readonly log: Logger;
  readonly unsupported?: Unsupported;
  /** Deliver by signed HTTP requests to this URL instead of Socket Mode. */
  readonly requestUrl?: string;
  readonly timing?: Partial<Timing>;
}

/** One call that an app made, with its decoded arguments. */
export interface LedgerEntry {
  readonly method: string;
  readonly arguments: Readonly<Json>;
  /** Epoch milliseconds. */
  readonly at: number;
  /** `ok`, or the error that was answered. */
  readonly outcome: string;
}

/** Trouble on demand for the next calls of a method. */
export interface Faults {
  /** 429 with Retry-After, nothing done. */
  rateLimit(method: string, times: number, retryAfterSeconds: number): void;
  /** The call takes effect and its answer never comes. */
  hangAfterSuccess(method: string, times: number): void;
  /** HTTP 500, nothing done. */
  httpError(method: string, times: number): void;
  /** Asks every Socket Mode client to reconnect, as Slack does when it moves connections. */
  disconnectSockets(): void;
  clear(): void;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

export interface LocalSlack {
  /** The page for people, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** For `SLACK_API_URL`; ends in `/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly team: Team;
  readonly botUserId: string;
  readonly faults: Faults;
  ledger(): readonly LedgerEntry[];
  close(): Promise<void>;
}
