import { loadCommittedPolicy } from '../../policy/load.ts';
import { createVotes } from '../approvals/votes.ts';
import type { Person } from '../config-file.ts';
import { createLinkedAccounts } from '../identity/linked-accounts.ts';
import { createSignIns } from '../identity/sign-ins.ts';
import { createAccessTokens } from '../oidc/access-tokens.ts';
import { createIssuer } from '../oidc/issuer.ts';
import type { OidcSettings } from '../oidc/settings.ts';
import { createDirectory } from '../people.ts';
import type { LocalOidc } from '../sandbox/oidc/server.ts';
import type { Store } from '../store/store.ts';
import type { TestDatabase } from '../store/testing.ts';
import type { ApiOptions } from './context.ts';
import { createPersonAuthenticator } from './person.ts';
import { createAuthenticator } from './principal.ts';

type Place = Pick<LocalOidc, 'issuer' | 'clientId' | 'clientSecret' | 'cliClientId'>;

/** For `createTestApi`: people who sign in at a real provider, and the real vote path. */
export function withPeople(place: Place, people: readonly Person[], oidc: OidcSettings) {
  return async ({ pool }: TestDatabase, store: Store): Promise<Partial<ApiOptions>> => {
    const { issuer } = place;
    const identity = { trustEmail: false };
    const linked = createLinkedAccounts({ pool, issuer, oidc, identity, now: store.now });
    const directory = createDirectory(people, { linked });
    const signIns = createSignIns({ pool, store, directory, issuer, oidc, identity });
    const verify = createAccessTokens(createIssuer(place), issuer, oidc);
    return {
      authenticate: createAuthenticator(store.tokens, createPersonAuthenticator(verify, signIns)),
      signIn: { issuer, clientId: place.cliClientId, audience: oidc.audience, scopes: oidc.scopes },
      votes: createVotes({ pool, store, policy: await loadCommittedPolicy(), directory }),
    };
  };
}
