/** The peer did not take it now, or nobody knows whether it did. Nothing is lost: the same message is sent again. */
export class PeerUnavailable extends Error {
  readonly code = 'peer_unavailable';
  /** Milliseconds that the peer asked to wait; null where it named none. */
  readonly retryAfterMs: number | null;
  /** `no`: the peer answered that it did nothing, or was not reached. */
  readonly taken: 'no' | 'unknown';
  constructor(message: string, retryAfterMs: number | null = null, taken: 'no' | 'unknown' = 'unknown') {
    super(message);
    this.name = 'PeerUnavailable';
    this.retryAfterMs = retryAfterMs;
    this.taken = taken;
  }
}

/** The peer does not accept the credentials for this, or not at all. They can be corrected, so what needs them waits. */
export class PeerForbidden extends PeerUnavailable {}

/** The peer will never take this message as it is. */
export class PeerRefused extends Error {
  readonly code = 'peer_refused';
  constructor(message: string) {
    super(message);
    this.name = 'PeerRefused';
  }
}

/** Something else has to come first, e.g. the page that a note belongs to. Says nothing about the peer. */
export class NotYet extends Error {
  readonly code = 'not_yet';
  readonly waitMs: number;
  constructor(message: string, waitMs: number) {
    super(message);
    this.name = 'NotYet';
    this.waitMs = waitMs;
  }
}
