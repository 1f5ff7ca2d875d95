import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import { type AuditEntry, listAudit } from '../store/audit-list.ts';

interface Watcher {
  readonly incidentId: string;
  /** Id of the person. */
  readonly who: string;
  /** Row of the last entry that was told. */
  after: number;
  readonly tell: (entries: readonly AuditEntry[]) => void;
}

export type Watching =
  | { readonly kind: 'watching'; readonly end: () => void }
  /** As many are open as may be: of this person, or of everybody. */
  | { readonly kind: 'busy'; readonly whose: 'own' | 'all' };

/** New entries of incidents that somebody looks at: one query a second for each of these, however many look. */
export interface Feed {
  /** From after that row on. */
  watch(watcher: Readonly<Watcher>): Watching;
  stop(): void;
}

export interface FeedOptions {
  readonly pool: DatabasePool;
  readonly log: Logger;
  readonly everyMs?: number;
  /** How many may watch: one person with all their pages, and everybody. */
  readonly most?: { readonly each: number; readonly all: number };
}

const usualMost = { each: 20, all: 1_000 } as const;

/** Entries that one look takes. */
const mostEntries = 200;

export function createFeed({ pool, log, everyMs = 1_000, most = usualMost }: FeedOptions): Feed {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | null = null;

  async function look(incidentId: string, of: readonly Watcher[]): Promise<void> {
    const after = Math.min(...of.map((watcher) => watcher.after));
    const entries = await listAudit(pool, { incidentId }, { entry: after }, mostEntries);
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
    watch(asked) {
      if (watchers.size >= most.all) return { kind: 'busy', whose: 'all' };
      const own = watchers.values().filter(({ who }) => who === asked.who);
      if ([...own].length >= most.each) return { kind: 'busy', whose: 'own' };
      const watcher = { ...asked };
      watchers.add(watcher);
      timer ??= setTimeout(() => void round(), 0).unref();
      return { kind: 'watching', end: () => void watchers.delete(watcher) };
    },
    stop() {
      watchers.clear();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
