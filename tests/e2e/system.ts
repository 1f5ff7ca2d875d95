import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { loadSettings } from '../../bot/config.ts';
import { type Documents, openDocuments } from '../../bot/sandbox/peer/database.ts';
import { createHands, type Hands, type SeenMessage } from '../../bot/sandbox/slack/hands.ts';
import type { LocalSlack } from '../../bot/sandbox/slack/server.ts';
import { type RunningSystem, startUp } from '../../bot/up/up.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { StoredPlan } from '../../workflows/ports.ts';

/** The sandbox's channels. */
export const channels = { incidents: 'C0INCIDENTS', partner: 'C0PARTNER' } as const;

/** A thread of the local Slack. */
export interface Thread {
  readonly channel: string;
  readonly ts: string;
}

/** A thread, or a channel outside of its threads. */
export type Place = Omit<Thread, 'ts'> & Partial<Thread>;

/** The whole system with people's hands and eyes on it. */
export interface TestSystem extends RunningSystem {
  readonly directory: string;
  readonly slack: LocalSlack;
  readonly hands: Hands;
  /** Sends a body to a `/ui/…` path of the local Slack. */
  ui(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  /** A person mentions the bot in a new message. */
  mention(user: string, channel: string, text: string): Promise<Thread>;
  /** The messages of a place as a person sees them now, ephemeral ones included. */
  read(user: string, place: Place): Promise<readonly SeenMessage[]>;
  /** Waits for a message of the place that has all of these texts in it. */
  see(user: string, place: Place, ...texts: readonly string[]): Promise<SeenMessage>;
  /** Waits until the incident of the thread, with its newest plan, is as wanted. */
  incident(thread: Thread, wanted: (incident: Incident, plan: StoredPlan | null) => boolean): Promise<Settled>;
  /** Reads as the database's owner: every table. */
  rows<T>(query: string, values?: readonly unknown[]): Promise<readonly T[]>;
  /** What a stand-in keeps. */
  documents<T>(peer: 'linear' | 'pagerduty', use: (documents: Documents) => T): T;
}

export interface Settled {
  readonly incident: Incident;
  readonly plan: StoredPlan | null;
}

export interface StartTestSystem {
  readonly scenario: string;
  /** Made, and removed afterwards, unless given. */
  readonly directory?: string;
  /** Added to the environment that is read. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The workflow bundle is built once for all files of a run. */
const cache = fileURLToPath(new URL('../../node_modules/.cache/watchkeeper-tests', import.meta.url));

/** A directory below the system's temporary one. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'watchkeeper-e2e-'));
}

/** What the program reads from its environment: nothing of this machine's own configuration. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, WATCHKEEPER_DATA: cache, ...extra };
}

export function slackUser(person: string): string {
  return `U0${person.toUpperCase()}`;
}

/** All text of a message, its blocks included. */
export function textOf(message: SeenMessage): string {
  return `${message.text}\n${JSON.stringify(message.blocks ?? [])}`;
}

/** Asks again until the answer is something. */
export async function eventually<T>(what: string, ask: () => Promise<T | null | undefined | false>, withinMs = 60_000): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > until) throw new Error(`${what}: not within ${withinMs} ms`);
    await delay(100);
  }
}

function eyes(slack: LocalSlack, hands: Hands): Pick<TestSystem, 'ui' | 'mention' | 'read' | 'see'> {
  const read: TestSystem['read'] = async (user, { channel, ts }) => {
    const query = new URLSearchParams({ user: slackUser(user), ...(ts === undefined ? {} : { thread_ts: ts }) });
    const response = await fetch(`${slack.url}/ui/channels/${channel}/messages?${query}`);
    const { messages } = (await response.json()) as { messages: SeenMessage[] };
    return messages.map((message) => ({ ...message, channel }));
  };
  return {
    read,
    async ui(path, body) {
      const response = await fetch(`${slack.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async mention(user, channel, text) {
      return { channel, ts: await hands.post(slackUser(user), channel, `<@${slack.botUserId}> ${text}`) };
    },
    async see(user, place, ...texts) {
      const seen = async () => (await read(user, place)).findLast((message) => texts.every((text) => textOf(message).includes(text)));
      return eventually(`${user} sees ${texts.join(' and ')}`, seen, 30_000);
    },
  };
}

async function query<T>(url: string, text: string, values: readonly unknown[]): Promise<readonly T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as T[];
  } finally {
    await client.end();
  }
}

async function incidentOf({ core, parts }: RunningSystem, thread: Thread): Promise<Settled | null> {
  const team = parts.localSlack?.team.id ?? '';
  const incident = await core.store.incidents.byThread({ team, channel: thread.channel, threadTs: thread.ts });
  if (incident === null) return null;
  return { incident, plan: (await core.store.plans.listForIncident(incident.id)).at(-1) ?? null };
}

/** Starts everything in this process, with a Postgres, a Temporal server and a local Slack of its own. Once per process. */
export async function startTestSystem({ scenario, env = {}, directory = temporaryDirectory() }: StartTestSystem): Promise<TestSystem> {
  const settings = loadSettings(cleanEnvironment(env));
  const system = await startUp({ settings, directory, scenario, port: 0, progress: () => {} });
  // A role that dies fails the test that waits for it; without a listener it would end the process.
  system.ended.catch(() => {});
  const slack = system.parts.localSlack;
  if (slack === null) throw new Error('these tests need the local Slack');
  const hands = createHands(slack.url);
  return {
    ...system,
    directory,
    slack,
    hands,
    ...eyes(slack, hands),
    incident: (thread, wanted) =>
      eventually('the incident', async () => {
        const found = await incidentOf(system, thread);
        return found !== null && wanted(found.incident, found.plan) ? found : null;
      }),
    rows: (text, values = []) => query(system.parts.migrationUrl, text, values),
    documents(peer, use) {
      const documents = openDocuments(join(directory, `${peer}.sqlite`));
      try {
        return use(documents);
      } finally {
        documents.close();
      }
    },
    async stop() {
      await system.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
