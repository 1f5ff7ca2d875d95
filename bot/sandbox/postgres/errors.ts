/** The embedded Postgres did not start, or did not stop; the message says why, and what to do. */
export class PostgresFailed extends Error {
  readonly code = 'postgres_failed';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'PostgresFailed';
  }
}

/** What the end of a log says, where it is one of the usual reasons. */
export function explain(log: string, dataDir: string): string {
  if (/No space left on device/.test(log)) return `the disk that holds ${dataDir} is full`;
  if (/Address already in use/.test(log)) return 'its port is in use by another program';
  if (/is not compatible with this version/.test(log))
    return `${dataDir} was written by another major version of Postgres: move it away to start anew`;
  if (/Permission denied/.test(log)) return `permission denied below ${dataDir}`;
  if (/Read-only file system/.test(log)) return `${dataDir} is on a read-only file system`;
  return 'its log says why';
}
