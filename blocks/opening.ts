import { context, header, section } from './elements.ts';
import { escapeText, link } from './escape.ts';
import type { Links } from './links.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';

export interface Opening {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly source: string;
  readonly service: string | null;
  readonly site: string | null;
}

/** The message that an incident's thread hangs on, where no person's message is its root. */
export function opening(incident: Opening, links: Links): MessageView {
  const where = [
    incident.service === null ? null : `service ${incident.service}`,
    incident.site === null ? null : `site ${incident.site}`,
  ].filter((part) => part !== null);
  const origin = [`from ${incident.source}`, ...where].map((part) => truncate(part, 200)).join(' · ');
  return {
    text: `Incident: ${truncate(incident.title, 300)}`,
    blocks: [
      header(incident.title),
      ...(incident.text.trim() === '' ? [] : [section(truncate(incident.text, 1500))]),
      context(
        `${link(links.incident(incident.id), `Incident ${incident.id}`)} · ${origin}`,
        escapeText('Everything about it is in this thread.'),
      ),
    ],
  };
}
