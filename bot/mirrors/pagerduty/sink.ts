import type { Incident } from '../../../workflows/contracts/incident.ts';
import { PeerRefused } from '../errors.ts';
import { isReferenced, referenceLine } from '../key.ts';
import { plain } from '../markdown.ts';
import type { Batch, KeptLink, OutboxRow } from '../ports.ts';
import type { SinkAdapter } from '../sink.ts';
import { linkedPages, openPage, type PagesDeps } from './pages.ts';
import { note } from './render.ts';
import { type Resolving, resolvePages } from './resolve.ts';

export interface PagerDutySinkDeps extends PagesDeps {
  readonly resolving: Resolving;
}

/** Pages that are told something at the same time. */
const atOnce = 5;

/** Notes on the primary page, one short note each on the others. Every call may be repeated. */
export function createPagerDutySink(deps: PagerDutySinkDeps): SinkAdapter {
  const { pagerduty, store, redact } = deps;

  async function annotate(page: string, key: string, content: string): Promise<string> {
    const notes = await pagerduty.notes(page);
    if (notes.some((text) => isReferenced(text, key))) return key;
    return pagerduty.addNote(page, content);
  }

  /** A page that takes no note, e.g. one that was merged away, is not asked again: the primary one has it all. */
  async function tell(link: KeptLink, told: 'opened' | 'closed', words: string): Promise<void> {
    const key = `${link.incidentId} ${told}`;
    await annotate(link.externalId, key, `${words}\n${referenceLine(key)}`).catch((error: unknown) => {
      if (!(error instanceof PeerRefused)) throw error;
    });
    await store.mirrorLinks.told(link, told);
  }

  /** What happens is on the primary page: the others say where that is, and how it ended. */
  async function tellOthers(primary: KeptLink, others: readonly KeptLink[], closed: OutboxRow | undefined): Promise<void> {
    const told = closed === undefined ? 'opened' : 'closed';
    const untold = others.filter((link) => link.told === null || (told === 'closed' && link.told !== 'closed'));
    const where = `Handled together with ${primary.url ?? primary.externalId}`;
    const outcome = closed === undefined ? '' : `; it ended: ${plain(redact(String(closed.body.data['outcome'])))}`;
    for (let from = 0; from < untold.length; from += atOnce)
      await Promise.all(untold.slice(from, from + atOnce).map((link) => tell(link, told, `${where}${outcome}.`)));
  }

  async function send(batch: Batch, incident: Incident): Promise<string | null> {
    const linked = await linkedPages(deps, incident.id);
    const [primary, ...others] = linked.length > 0 ? linked : await openPage(deps, incident);
    if (primary === undefined) return null;
    const id = await annotate(primary.externalId, batch.key, note(batch, redact));
    const closed = batch.rows.findLast((row) => row.kind === 'incident.closed');
    await tellOthers(primary, others, closed);
    if (closed !== undefined) await resolvePages(deps, incident.id, [primary, ...others], closed.body.data['outcome']);
    return id;
  }

  return { name: 'pagerduty', send };
}
