import { randomBytes } from 'node:crypto';

/** Where a response_url leads. `ts` is null for a slash command. */
export interface ResponseTarget {
  readonly user: string;
  readonly channel: string;
  readonly ts: string | null;
  readonly threadTs: string | null;
}

const lifetime = 30 * 60_000;
const uses = 5;

export interface ResponseUrls {
  /** The path, to be put behind the server's origin. */
  issue(target: ResponseTarget): string;
  /** Counts one use. Slack allows five within 30 minutes. */
  use(token: string): ResponseTarget | 'used_url' | 'expired_url';
}

export function createResponseUrls(now: () => number = Date.now): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; expires: number; left: number }>();
  return {
    issue: (target) => {
      for (const [token, entry] of issued) if (entry.expires < now()) issued.delete(token);
      const token = randomBytes(18).toString('base64url');
      issued.set(token, { target, expires: now() + lifetime, left: uses });
      return `/respond/${token}`;
    },
    use: (token) => {
      const entry = issued.get(token);
      if (entry === undefined || entry.expires < now()) return 'expired_url';
      if (entry.left === 0) return 'used_url';
      entry.left -= 1;
      return entry.target;
    },
  };
}
