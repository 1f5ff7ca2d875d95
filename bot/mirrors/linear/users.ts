import { z } from 'zod';
import { createApi, type LinearClientOptions } from './api.ts';

export const LinearUser = z.object({ id: z.string(), name: z.string(), app: z.boolean(), active: z.boolean(), guest: z.boolean() });

/** Why an account is that of nobody whose word counts. */
export type NoLinearMember = 'an app' | 'a guest' | 'a deactivated account';

/** Null: a full, active member. */
export function noMemberOf({ app, guest, active }: z.infer<typeof LinearUser>): NoLinearMember | null {
  if (app) return 'an app';
  if (guest) return 'a guest';
  return active ? null : 'a deactivated account';
}

export interface LinearUsers {
  /** Asks Linear anew. Throws a PeerError. */
  check(id: string): Promise<'member' | NoLinearMember | 'an unknown account'>;
}

export const userById = {
  document: `query userById($id: ID!) {
  users(filter: { id: { eq: $id } }, first: 1, includeArchived: true, includeDisabled: true) { nodes { id name app active guest } }
}`,
  answer: z.object({ users: z.object({ nodes: z.array(LinearUser) }) }),
};

export function createLinearUsers(options: LinearClientOptions): LinearUsers {
  const api = createApi(options);
  return {
    async check(id) {
      const user = (await api.read(userById, { id })).users.nodes.find((one) => one.id === id);
      return user === undefined ? 'an unknown account' : (noMemberOf(user) ?? 'member');
    },
  };
}
