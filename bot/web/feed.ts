import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import { type AuditEntry, listAudit } from '../store/audit-list.ts';

interface Watcher {
  readonly incidentId: string;
  /** Row of the last entry that was told. */
  after: number;
  readonly tell: (entries: readonly AuditEntry[]) => void;
}

/** New entries of incidents that somebody looks at: one query a second for each of these, however many look. */
export interface Feed {
  /** From after that row on. Answers what ends it; null: too many watch already. */
  watch(incidentId: string, after: number, tell: Watcher['tell']): (() => void) | null;
  stop(): void;
}

export interface FeedOptions {
  readonly pool: DatabasePool;
  readonly log: Logger;
  readonly everyMs?: number;
  readonly most?: number;
}

/** Entries that one look takes. */
const most = 200;

export function createFeed({ pool, log, everyMs = 1_000, most: mostWatchers = 200 }: FeedOptions): Feed {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | null = null;

  async function look(incidentId: string, of: readonly Watcher[]): Promise<void> {
    const after = Math.min(...of.map((watcher) => watcher.after));
    const entries = await listAudit(pool, { incidentId }, { entry: after }, most);
    for (const watcher of of) {
      const fresh = entries.filter(({ entry }) => entry > watcher.after);
      const last = fresh.at(-1);
      if (last === undefined || !watchers.has(watcher)) continue;
      watcher.after = last.entry;
      watcher.tell(fresh);
    }
  }

  async function round(): Promise<void> {
    for (const [incidentId, of] of Map.groupBy(watchers, (watcher) => watcher.incidentId))
      await look(incidentId, of).catch((error: unknown) => log.warn({ err: error }, 'new entries could not be read'));
    timer = watchers.size === 0 ? null : setTimeout(() => void round(), everyMs).unref();
  }

  return {
    watch(incidentId, after, tell) {
      if (watchers.size >= mostWatchers) return null;
      const watcher = { incidentId, after, tell };
      watchers.add(watcher);
      timer ??= setTimeout(() => void round(), 0).unref();
      return () => void watchers.delete(watcher);
    },
    stop() {
      watchers.clear();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
