/** The peer did not take it now, or nobody knows whether it did. Nothing is lost: the same row is sent again. */
export class PeerUnavailable extends Error {
  readonly code = 'peer_unavailable';
  /** Milliseconds that the peer asked to wait; null where it named none. */
  readonly retryAfterMs: number | null;
  constructor(message: string, retryAfterMs: number | null = null, cause?: unknown) {
    super(message, { cause });
    this.name = 'PeerUnavailable';
    this.retryAfterMs = retryAfterMs;
  }
}

/** The peer will never take this row as it is. */
export class PeerRefused extends Error {
  readonly code = 'peer_refused';
  constructor(message: string) {
    super(message);
    this.name = 'PeerRefused';
  }
}
