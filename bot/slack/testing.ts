import type { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { createSlackClient } from './client.ts';
import { createPoster, type Poster } from './poster.ts';
import type { SlackPost, SlackPosts } from './posts.ts';

/** Support for tests: the store's port in memory, and the product's client. */

export const silent = pino({ level: 'silent' });

export function memoryPosts(): SlackPosts & { readonly entries: Map<string, SlackPost> } {
  const entries = new Map<string, SlackPost>();
  return {
    entries,
    find: async (key) => entries.get(key) ?? null,
    save: async (key, post) => {
      entries.set(key, post);
    },
  };
}

export function testClient(slack: LocalSlack, timeoutMs = 10_000): WebClient {
  return createSlackClient(slack.botToken, { apiUrl: slack.apiUrl, log: silent, timeoutMs });
}

export function posterOf(slack: LocalSlack, posts: SlackPosts = memoryPosts(), client = testClient(slack)): Poster {
  return createPoster({ client, posts, redact: mask, log: silent });
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
