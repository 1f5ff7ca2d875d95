import type { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import type { Recorded } from '../../blocks/proofs.ts';
import { links } from '../../blocks/testing.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { createCanvases } from './canvases.ts';
import { createCards } from './cards.ts';
import { type ChatOptions, createChat } from './chat.ts';
import { createSlackClient } from './client.ts';
import { createEnclosures } from './enclosures.ts';
import { createPoster, type Poster } from './poster.ts';
import type { SlackFileState, SlackFiles, SlackPost, SlackPosts } from './posts.ts';
import { createSnippets } from './snippets.ts';

/** Support for tests: the store's port in memory, and the product's client. */

export const silent = pino({ level: 'silent' });

export function memoryPosts(): SlackPosts & { readonly entries: Map<string, SlackPost> } {
  const entries = new Map<string, SlackPost>();
  return {
    entries,
    find: async (key) => entries.get(key) ?? null,
    under: async (prefix) => [...entries].filter(([key]) => key.startsWith(prefix)).map(([key, post]) => ({ key, ...post })),
    save: async (key, post) => {
      entries.set(key, post);
    },
  };
}

export function memoryFiles(): SlackFiles & { readonly entries: Map<string, SlackFileState & { shared: boolean; held: boolean }> } {
  const entries = new Map<string, SlackFileState & { shared: boolean; held: boolean }>();
  const change = async (key: string, change: Partial<SlackFileState & { shared: boolean; held: boolean }>) => {
    entries.set(key, { file: null, permalink: null, shared: false, held: false, ...entries.get(key), ...change });
  };
  return {
    entries,
    shared: async (keys) => new Map([...entries].filter(([key, { shared }]) => shared && keys.includes(key))),
    async claim(key) {
      const known = entries.get(key);
      if (known?.shared === true || known?.held === true) return null;
      await change(key, { held: true });
      return entries.get(key) ?? null;
    },
    uploaded: (key, file) => change(key, { file }),
    settle: (key, permalink) => change(key, { permalink, shared: true, held: false }),
    release: (key) => change(key, { held: false }),
  };
}

export function testClient(slack: LocalSlack, timeoutMs = 10_000): WebClient {
  return createSlackClient(slack.botToken, { apiUrl: slack.apiUrl, log: silent, timeoutMs });
}

export function posterOf(slack: LocalSlack, posts: SlackPosts = memoryPosts(), client = testClient(slack)): Poster {
  return createPoster({ client, posts, redact: mask, log: silent });
}

export interface ChatParts {
  readonly client?: WebClient;
  readonly posts?: ReturnType<typeof memoryPosts>;
  readonly files?: ReturnType<typeof memoryFiles>;
  /** By person id. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly recorded?: readonly Recorded[];
  readonly channelFor?: ChatOptions['channelFor'];
  readonly onThread?: ChatOptions['onThread'];
  readonly drawEvidence?: ChatOptions['drawEvidence'];
  readonly panelsOf?: ChatOptions['panelsOf'];
  readonly writePostmortem?: ChatOptions['writePostmortem'];
}

/** The product's conversation over the local Slack, where a person's user id is `U0` and their id. */
export function chatOf(slack: LocalSlack, parts: ChatParts = {}) {
  const { client = testClient(slack), posts = memoryPosts(), files = memoryFiles(), groups = {}, recorded = [] } = parts;
  const poster = posterOf(slack, posts, client);
  const common = { client, poster, posts, redact: mask, links, nameOf: (id: string) => id, log: silent };
  const snippets = createSnippets({ client, files, redact: mask, log: silent });
  const enclosures = createEnclosures({
    snippets,
    canvases: createCanvases({ client, poster, files, redact: mask, log: silent }),
    log: silent,
  });
  const cards = createCards({
    ...common,
    files,
    snippets,
    groupsOf: async (id) => groups[id] ?? [],
    recordedOf: async () => recorded,
    similarTo: async () => [],
  });
  const {
    channelFor = () => null,
    onThread = async () => undefined,
    drawEvidence = async () => null,
    panelsOf = async () => [],
    writePostmortem = async () => null,
  } = parts;
  const accountOf = (id: string) => ({ team: slack.team.id, user: `U0${id.toUpperCase()}` });
  const chat = createChat({
    ...common,
    cards,
    enclosures,
    drawEvidence,
    panelsOf,
    writePostmortem,
    accountOf,
    channelFor,
    onThread,
    recordedOf: async () => recorded,
  });
  return { chat, cards, enclosures, poster, posts, files };
}

/** Stands for the redactor; the secret is made up. */
export function mask(text: string): string {
  return text.replaceAll('s3cr3t-made-up', '[redacted]');
}

/** Successful calls of a method, by their decoded arguments. */
export function calls(slack: LocalSlack, method: string): Readonly<Record<string, unknown>>[] {
  return slack
    .ledger()
    .filter((entry) => entry.method === method && entry.outcome === 'ok')
    .map((entry) => entry.arguments);
}
