import type { Logger } from 'pino';
import type { Place } from './find-posted.ts';
import type { Picture, Snippet, Snippets } from './snippets.ts';

/** Files that go with the messages of an incident's thread. */
export interface Enclosures {
  /**
   * Shares it once per key, after this call has returned: nothing waits for it. Null: there is nothing to share. What goes wrong is
   * logged, and the next offer of that key tries again.
   */
  offer(key: string, place: Place, make: () => Promise<Picture | Snippet | null>): void;
  /** When everything that was offered so far is shared or has failed. */
  settled(): Promise<void>;
}

export function createEnclosures(snippets: Snippets, log: Logger): Enclosures {
  const underWay = new Map<string, Promise<void>>();

  async function share(key: string, place: Place, make: () => Promise<Picture | Snippet | null>): Promise<void> {
    try {
      const file = await make();
      if (file !== null) await snippets.share(key, place, file);
    } catch (error) {
      log.warn({ err: error, key }, 'a file could not be shared');
    } finally {
      underWay.delete(key);
    }
  }

  return {
    offer(key, place, make) {
      if (!underWay.has(key)) underWay.set(key, share(key, place, make));
    },
    async settled() {
      await Promise.all(underWay.values());
    },
  };
}
