import { acknowledgement } from '../../blocks/acknowledgement.ts';
import type { SlackOrigin } from '../ports.ts';
import type { Poster } from './poster.ts';

/** Says in the thread that the request arrived; once per event, whatever state it is then in. */
export type FirstReply = (
  event: { readonly dedupeKey: string; readonly origin: SlackOrigin },
  state: 'looking' | 'queued',
) => Promise<void>;

export function createFirstReply(poster: Poster): FirstReply {
  return async ({ dedupeKey, origin }, state) => {
    const place = { channel: origin.channel, threadTs: origin.threadTs ?? origin.ts };
    await poster.upsert(`event:${dedupeKey}`, place, { view: acknowledgement(state) });
  };
}
