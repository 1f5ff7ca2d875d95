import type { Incident } from '../../../workflows/contracts/incident.ts';
import { PeerUnavailable } from '../errors.ts';
import { noteKey } from '../key.ts';
import { plain } from '../markdown.ts';
import type { MirrorLinks, MirrorStore, OutboxRow, PagerDutyPort } from '../ports.ts';
import type { SinkAdapter } from '../sink.ts';
import { isSpoken, wordsOf } from '../words.ts';
import { note } from './render.ts';

interface PagerDutySinkDeps {
  readonly pagerduty: PagerDutyPort;
  readonly store: Pick<MirrorStore, 'mirrorLinks'>;
  readonly links: MirrorLinks;
  readonly redact: (text: string) => string;
}

/** PagerDuty makes the incident of an accepted event a moment later. */
const incidentAppearsMs = 1_000;

const over: ReadonlySet<unknown> = new Set(['resolved', 'healthy']);

/** Notes on every linked incident; where there is none, one is opened if events are configured. Every call may be repeated. */
export function createPagerDutySink({ pagerduty, store, links, redact }: PagerDutySinkDeps): SinkAdapter {
  async function open(incident: Incident): Promise<readonly string[]> {
    if (pagerduty.events === null) return [];
    const thread = incident.slack === null ? null : links.slackThread(incident.slack);
    const known = await pagerduty.find(incident.id);
    if (known === null)
      await pagerduty.events.trigger(incident.id, plain(redact(incident.title), 1_000), incident.service ?? 'watchkeeper', thread);
    const found = known ?? (await pagerduty.find(incident.id));
    if (found === null) throw new PeerUnavailable('the incident of the event is not there yet', incidentAppearsMs);
    await store.mirrorLinks.put({ incidentId: incident.id, sink: 'pagerduty', externalId: found.id, url: found.url });
    return [found.id];
  }

  async function annotate(peerIncident: string, row: OutboxRow): Promise<string> {
    const key = noteKey(row.decisionId);
    const notes = await pagerduty.notes(peerIncident);
    if (notes.some((text) => text.split('\n').at(-1) === key)) return key;
    return pagerduty.addNote(peerIncident, note(wordsOf(row, redact), key));
  }

  return {
    name: 'pagerduty',
    async send(row, incident) {
      const linked = (await store.mirrorLinks.list(incident.id)).filter((link) => link.sink === 'pagerduty').map((link) => link.externalId);
      const targets = linked.length > 0 ? linked : await open(incident);
      let last: string | null = null;
      if (isSpoken(row.kind)) for (const target of targets) last = await annotate(target, row);
      // Only an incident that was opened under this key is resolved by it.
      if (row.kind === 'incident.closed' && over.has(row.body.data['outcome'])) await pagerduty.events?.resolve(incident.id);
      return last;
    },
  };
}
