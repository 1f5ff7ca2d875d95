import type { Logger } from 'pino';
import type { Canvases } from './canvases.ts';
import type { Place } from './find-posted.ts';
import type { Picture, Snippet, Snippets } from './snippets.ts';

/** Files that go with the messages of an incident's thread. */
export interface Enclosures {
  /**
   * Shares it once per key, after this call has returned: nothing waits for it. Null: there is nothing to share. What goes wrong is
   * logged, and the next offer of that key tries again.
   */
  offer(key: string, place: Place, make: () => Promise<Picture | Snippet | null>): void;
  /** The same for a document: a canvas, and a snippet where Slack has none. */
  offerDocument(key: string, place: Place, make: () => Promise<Snippet | null>): void;
  /** When everything that was offered so far is shared or has failed. */
  settled(): Promise<void>;
}

interface EnclosuresOptions {
  readonly snippets: Snippets;
  readonly canvases: Canvases;
  readonly log: Logger;
}

export function createEnclosures({ snippets, canvases, log }: EnclosuresOptions): Enclosures {
  const underWay = new Map<string, Promise<void>>();

  async function share<T>(key: string, make: () => Promise<T | null>, send: (file: T) => Promise<unknown>): Promise<void> {
    try {
      const file = await make();
      if (file !== null) await send(file);
    } catch (error) {
      log.warn({ err: error, key }, 'a file could not be shared');
    } finally {
      underWay.delete(key);
    }
  }

  function begin<T>(key: string, make: () => Promise<T | null>, send: (file: T) => Promise<unknown>): void {
    if (!underWay.has(key)) underWay.set(key, share(key, make, send));
  }

  return {
    offer(key, place, make) {
      begin(key, make, (file) => snippets.share(key, place, file));
    },
    offerDocument(key, place, make) {
      begin(key, make, async (file) => {
        const canvas = { title: file.title, markdown: file.text };
        if (!(await canvases.share(key, place, canvas))) await snippets.share(key, place, file);
      });
    },
    async settled() {
      await Promise.all(underWay.values());
    },
  };
}
