import type { DatabasePool } from 'slonik';
import { createLinkCode, type LinkCode } from '../store/link-codes.ts';
import { inTransaction } from '../store/pool.ts';
import type { Store } from '../store/store.ts';

/** How long a link works. */
export const linkMinutes = 10;

export interface InvitationsOptions {
  readonly pool: DatabasePool;
  readonly store: Pick<Store, 'record' | 'now'>;
  /** Where people reach the pages; null: nowhere, so nobody is invited. */
  readonly baseUrl: () => string | null;
}

export interface Invitations {
  /** The address of a page where whoever has that Slack account says who they are, once; null: there is none. Throws StoreUnavailable. */
  invite(account: LinkCode): Promise<string | null>;
}

/** Where nobody can sign in. */
export const noInvitations: Invitations = { invite: async () => null };

export function createInvitations({ pool, store, baseUrl }: InvitationsOptions): Invitations {
  return {
    async invite(account) {
      const base = baseUrl();
      if (base === null) return null;
      const expiresAt = new Date(store.now().getTime() + linkMinutes * 60_000);
      const code = await inTransaction(pool, async (tx) => {
        const made = await createLinkCode(tx, account, expiresAt);
        const { team, user } = account;
        await store.record(tx, {
          kind: 'identity.link_offered',
          actor: { kind: 'person', id: `slack:${team}/${user}` },
          incidentId: null,
          ids: { kind: 'slack', realm: team, account: user, expiresAt: expiresAt.toISOString() },
        });
        return made;
      });
      return new URL(`/link/${code}`, base).href;
    },
  };
}
