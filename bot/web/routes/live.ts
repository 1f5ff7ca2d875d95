import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../../api/context.ts';
import type { AuditEntry } from '../../store/audit-list.ts';
import type { Store } from '../../store/store.ts';
import type { Feed } from '../feed.ts';
import type { Site } from '../site.ts';
import { timelineItem } from '../views/timeline.ts';

/** Milliseconds after which a quiet stream says that it is there, and looks whether the session still is. */
const beatMs = 15_000;
/** Bytes that a reader may leave unread. */
const mostUnread = 1_048_576;

const Place = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).catch(0);

/** One event; `id` is where a browser goes on after a break. */
function event(name: string, data: string, id?: number): string {
  const lines = data.split('\n').map((line) => `data: ${line}\n`);
  return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}${lines.join('')}\n`;
}

interface Stream {
  readonly incidentId: string;
  readonly after: number;
  readonly who: string;
  /** Whether whoever opened it is still signed in. */
  readonly alive: () => Promise<boolean>;
}

function stream(feed: Feed, reply: FastifyReply, { incidentId, after, who, alive }: Stream): void {
  const { raw } = reply;
  reply.hijack();
  // Whoever left while the database was asked has been told goodbye already: nothing would ever end the watch.
  if (raw.destroyed) return;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  raw.write('retry: 2000\n\n');
  const send = (text: string) => {
    raw.write(text);
    // It comes back, and goes on from where it was.
    if (raw.writableLength > mostUnread) raw.destroy();
  };
  const tell = (entries: readonly AuditEntry[]) => {
    for (const entry of entries) send(event('entry', timelineItem(entry, true).html, entry.entry));
  };
  const watching = feed.watch({ incidentId, after, who, tell });
  // A stream, and no status: a browser tells its page nothing of an answer that is none.
  if (watching.kind === 'busy') return void raw.end(event('busy', watching.whose));
  raw.write(event('live', ''));
  const beat = setInterval(() => {
    alive().then(
      (still) => (still ? send(': still here\n\n') : raw.end(event('over', 'the session has ended'))),
      () => raw.end(),
    );
  }, beatMs);
  raw.on('close', () => {
    clearInterval(beat);
    watching.end();
  });
}

/** What comes in while somebody looks at an incident, as server-sent events. */
export function liveRoute(scoped: Api, site: Site, store: Store, feed: Feed): void {
  const { sessions, cookies } = site.options;
  const open = new Set<FastifyReply['raw']>();
  scoped.addHook('preClose', async () => {
    feed.stop();
    for (const raw of open) raw.end();
  });
  scoped.get(
    '/incidents/:id/events',
    async (request: FastifyRequest<{ Params: { id: string }; Querystring: { after?: string } }>, reply) => {
      const id = cookies.session(request);
      // Not as use of the session: a page that is left open would never let it end.
      const found = await sessions.use(id, true);
      if (found.kind !== 'live') return reply.code(401).send();
      const { id: incidentId } = await store.incidents.get(request.params.id);
      const after = Place.parse(request.headers['last-event-id'] ?? request.query.after);
      open.add(reply.raw);
      reply.raw.on('close', () => open.delete(reply.raw));
      const alive = async () => (await sessions.use(id, true)).kind === 'live';
      return stream(feed, reply, { incidentId, after, who: found.person.id, alive });
    },
  );
}
