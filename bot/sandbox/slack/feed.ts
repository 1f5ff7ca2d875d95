import type { Json } from './types.ts';

/** What the page is told, so that it can fetch and show the change. `user` limits it to one person. */
export type FeedEvent =
  | {
      readonly type: 'message' | 'message_changed' | 'message_deleted' | 'ephemeral';
      readonly channel: string;
      readonly ts: string;
      readonly thread_ts: string;
      readonly user: string | null;
    }
  | { readonly type: 'view_opened' | 'view_updated' | 'view_closed'; readonly view: Json; readonly user: string }
  | { readonly type: 'home_published'; readonly user: string }
  | { readonly type: 'status'; readonly channel: string; readonly thread_ts: string; readonly status: string; readonly user: null };

export interface Feed {
  publish(event: FeedEvent): void;
  /** Answers the way to stop. */
  subscribe(listener: (event: FeedEvent) => void): () => void;
}

export function createFeed(): Feed {
  const listeners = new Set<(event: FeedEvent) => void>();
  return {
    publish: (event) => {
      for (const listener of listeners) listener(event);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
