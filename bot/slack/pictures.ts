import type { Logger } from 'pino';
import type { Place } from './find-posted.ts';
import type { Picture, Snippets } from './snippets.ts';

/** Pictures of the evidence in an incident's thread. */
export interface Pictures {
  /**
   * Shares it once per key, after this call has returned: nothing waits for a picture. Null: there is nothing to show. What goes wrong is
   * logged, and the next offer of that key tries again.
   */
  offer(key: string, place: Place, draw: () => Promise<Picture | null>): void;
  /** When everything that was offered so far is shared or has failed. */
  settled(): Promise<void>;
}

export function createPictures(snippets: Snippets, log: Logger): Pictures {
  const underWay = new Map<string, Promise<void>>();

  async function share(key: string, place: Place, draw: () => Promise<Picture | null>): Promise<void> {
    try {
      const picture = await draw();
      if (picture !== null) await snippets.share(key, place, picture);
    } catch (error) {
      log.warn({ err: error, key }, 'a picture could not be shared');
    } finally {
      underWay.delete(key);
    }
  }

  return {
    offer(key, place, draw) {
      if (!underWay.has(key)) underWay.set(key, share(key, place, draw));
    },
    async settled() {
      await Promise.all(underWay.values());
    },
  };
}
