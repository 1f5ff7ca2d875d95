/** Nothing has that id. */
export class NotFound extends Error {
  readonly code = 'not_found';
  constructor(what: string, id: string) {
    super(`no ${what} ${id}`);
    this.name = 'NotFound';
  }
}

/** The change is refused because of the state that the thing is in. */
export class InvalidTransition extends Error {
  readonly code = 'invalid_transition';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'InvalidTransition';
  }
}

/** What was to be stored contradicts what is stored, or lacks what the schema demands. */
export class Rejected extends Error {
  readonly code = 'rejected';
  /** Name of the database's constraint, where it named one. */
  readonly constraint: string | null;
  constructor(message: string, constraint: string | null, cause: unknown) {
    super(message, { cause });
    this.name = 'Rejected';
    this.constraint = constraint;
  }
}

export type UnavailableReason = 'unreachable' | 'disk_full' | 'too_many_connections' | 'timeout' | 'shutting_down';

/** The database cannot be asked now. Nothing of the failed call was stored, unless the connection was lost in the middle of its commit. */
export class StoreUnavailable extends Error {
  readonly code = 'store_unavailable';
  readonly reason: UnavailableReason;
  constructor(reason: UnavailableReason, cause: unknown) {
    super(`the database is not available: ${reason.replaceAll('_', ' ')}`, { cause });
    this.name = 'StoreUnavailable';
    this.reason = reason;
  }
}

/** A list or an export that was not read: there is no room for it now, or it looks through too much. Writes go on. */
export class ReadRefused extends Error {
  readonly code: 'reads_busy' | 'read_too_slow';
  constructor(reason: 'busy' | 'too_slow', cause?: unknown) {
    super(reason === 'busy' ? 'too much is read at once' : 'the search takes too long', { cause });
    this.name = 'ReadRefused';
    this.code = reason === 'busy' ? 'reads_busy' : 'read_too_slow';
  }
}

/** A query and its row type, or its parameters, do not agree: a fault of the program. Holds no values. */
export class StoreFault extends Error {
  readonly code = 'store_fault';
  constructor(message: string) {
    super(message);
    this.name = 'StoreFault';
  }
}
