import type { Person } from './config.ts';
import type { VoterIdentity } from './ports.ts';

/** Maps identities of other systems to people. An equal e-mail alone maps nobody. */
export interface Directory {
  readonly people: readonly Person[];
  byId(id: string): Person | null;
  of(identity: VoterIdentity): Person | null;
  /** Groups that a person belongs to, by id. */
  groupsOf(id: string): readonly string[];
}

export function createDirectory(people: readonly Person[], groupsOf: Directory['groupsOf'] = () => []): Directory {
  const find = (matches: (person: Person) => boolean) => people.find(matches) ?? null;
  return {
    people,
    groupsOf,
    byId: (id) => find((person) => person.id === id),
    of(identity) {
      switch (identity.kind) {
        case 'slack':
          return find((person) => person.slack?.team === identity.team && person.slack.user === identity.user);
        case 'linear':
          return find((person) => person.linear === identity.user);
        case 'oidc':
          return find((person) => person.oidc === identity.subject);
        case 'service_token':
          return null;
      }
    },
  };
}
