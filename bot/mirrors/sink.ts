import type { Incident } from '../../workflows/contracts/incident.ts';
import type { OutboxRow, Sink } from './ports.ts';

/** How decisions get to one peer. */
export interface SinkAdapter {
  readonly name: Sink;
  /**
   * Idempotent: may be called again when the last call's result is unknown. Answers what the peer calls it, or null when there was
   * nothing to say. Throws PeerUnavailable or PeerRefused.
   */
  send(row: OutboxRow, incident: Incident): Promise<string | null>;
}
