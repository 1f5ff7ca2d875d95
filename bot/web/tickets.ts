import { randomBytes } from 'node:crypto';
import type { Authenticate, Principal } from '../api/principal.ts';

/** How a page asks the API for whom it serves, inside this process: a word that holds once and never leaves it. */
export interface Tickets {
  /** Value of an `Authorization` header. */
  issue(principal: Principal): string;
  /** As `authenticate`, and by tickets. */
  accept(authenticate: Authenticate): Authenticate;
}

export function createTickets(): Tickets {
  const open = new Map<string, Principal>();
  return {
    issue(principal) {
      const header = `Bearer page_${randomBytes(32).toString('base64url')}`;
      open.set(header, principal);
      return header;
    },
    accept: (authenticate) => async (authorization) => {
      const principal = open.get(authorization ?? '');
      if (principal === undefined) return authenticate(authorization);
      open.delete(authorization ?? '');
      return principal;
    },
  };
}
