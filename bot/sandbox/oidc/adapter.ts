import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Documents } from '../peer/database.ts';

interface Kept {
  readonly id: string;
  readonly payload: AdapterPayload;
  /** Milliseconds since the epoch; null: for good. */
  readonly until: number | null;
}

/** What is revoked together with the grant that it came from. */
const ofGrants = ['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode'];

/** Where the provider keeps its sessions, codes and tokens: in the stand-in's file, so that a restart ends none of them. */
export function createAdapter(documents: Documents): (model: string) => Adapter {
  const kindOf = (model: string) => `oidc.${model}`;

  function alive(kept: Kept | undefined): AdapterPayload | undefined {
    return kept === undefined || (kept.until !== null && kept.until <= Date.now()) ? undefined : kept.payload;
  }

  return (model) => {
    const kind = kindOf(model);
    const all = () => documents.list<Kept>(kind);
    const clear = () => {
      for (const kept of all()) if (alive(kept) === undefined) documents.remove(kind, kept.id);
    };
    return {
      async upsert(id, payload, expiresIn) {
        clear();
        const until = expiresIn === undefined ? null : Date.now() + expiresIn * 1_000;
        documents.put(kind, id, payload.grantId ?? null, { id, payload, until } satisfies Kept);
      },
      find: async (id) => alive(documents.get<Kept>(kind, id)),
      findByUserCode: async (userCode) => alive(all().find(({ payload }) => payload.userCode === userCode)),
      findByUid: async (uid) => alive(all().find(({ payload }) => payload.uid === uid)),
      async consume(id) {
        const kept = documents.get<Kept>(kind, id);
        if (kept === undefined) return;
        const payload = { ...kept.payload, consumed: Math.floor(Date.now() / 1_000) };
        documents.put(kind, id, payload.grantId ?? null, { ...kept, payload });
      },
      async destroy(id) {
        documents.remove(kind, id);
      },
      async revokeByGrantId(grantId) {
        for (const each of ofGrants.map(kindOf)) for (const { id } of documents.list<Kept>(each, grantId)) documents.remove(each, id);
      },
    };
  };
}
