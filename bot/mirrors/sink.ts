import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Batch } from './ports.ts';
import type { Sink } from './routes.ts';

/** How decisions get to one queue of a peer. */
export interface SinkAdapter {
  readonly name: Sink;
  /**
   * One message. Idempotent: may be called again when the last call's result is unknown. Answers what the peer calls it, or null when
   * there was nothing to say. Throws PeerUnavailable, PeerRefused and NotYet.
   */
  send(batch: Batch, incident: Incident): Promise<string | null>;
}
