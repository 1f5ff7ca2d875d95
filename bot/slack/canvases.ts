import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { documentLink } from '../../blocks/document-link.ts';
import { visible } from '../../blocks/escape.ts';
import { callSlack } from './call.ts';
import { SlackRefused, SlackUnavailable } from './errors.ts';
import type { Place } from './find-posted.ts';
import { createIdentity } from './identity.ts';
import type { Poster } from './poster.ts';
import type { SlackFiles } from './posts.ts';

export interface CanvasesOptions {
  readonly client: WebClient;
  readonly poster: Poster;
  readonly files: SlackFiles;
  readonly redact: (text: string) => string;
  readonly log: Logger;
}

/** Redacted here. */
export interface CanvasText {
  readonly title: string;
  /** https://docs.slack.dev/surfaces/canvases: Slack's own Markdown, of which this is ordinary Markdown. */
  readonly markdown: string;
}

/** Documents in Slack, which people can read and go on writing. */
export interface Canvases {
  /** Makes it once per key, lets the channel read it, and links it in the thread. False where this workspace, or the app's scopes, have none. */
  share(key: string, place: Place, text: CanvasText): Promise<boolean>;
}

/** A document is a convenience: nobody waits for a rate limit. */
const impatient = 0;

export function createCanvases({ client, poster, files, redact, log }: CanvasesOptions): Canvases {
  const identity = createIdentity(client);
  const call = (method: string, request: Record<string, unknown>) => callSlack(method, () => client.apiCall(method, request), impatient);

  async function create({ title, markdown }: CanvasText): Promise<string> {
    const method = 'canvases.create';
    const content = { type: 'markdown', markdown: visible(redact(markdown)) };
    const { canvas_id: id } = (await call(method, { title: redact(title), document_content: content })) as { canvas_id?: string };
    if (id === undefined) throw new SlackRefused(method, 'no_canvas_id', null);
    return id;
  }

  async function bring(key: string, canvasKey: string, place: Place, known: string | null, text: CanvasText): Promise<void> {
    const id = known ?? (await create(text));
    if (known === null) await files.uploaded(canvasKey, id);
    await call('canvases.access.set', { canvas_id: id, access_level: 'write', channel_ids: [place.channel] });
    const { url, team } = await identity();
    const address = `${url}docs/${team}/${id}`;
    await poster.once(key, place, { view: documentLink(redact(text.title), address) });
    await files.settle(canvasKey, address);
  }

  return {
    async share(key, place, text) {
      const canvasKey = `${key}:canvas`;
      const claimed = await files.claim(canvasKey);
      if (claimed === null) return true;
      try {
        await bring(key, canvasKey, place, claimed.file, text);
        return true;
      } catch (error) {
        if (!(error instanceof SlackRefused || error instanceof SlackUnavailable)) throw error;
        log.info({ err: error, key }, 'slack made no canvas');
        return false;
      } finally {
        await files.release(canvasKey);
      }
    },
  };
}
