import type { SlackOrigin } from '../ports.ts';

/** How intake answers the person at once; every answer is posted once per key. */
export interface Face {
  firstReply(event: { readonly dedupeKey: string; readonly origin: SlackOrigin }, state: 'looking' | 'queued'): Promise<void>;
  say(origin: SlackOrigin, key: string, text: string): Promise<void>;
}

/** For installations without Slack. */
export const noFace: Face = { firstReply: async () => {}, say: async () => {} };
