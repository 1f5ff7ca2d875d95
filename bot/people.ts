import type { Person } from './config.ts';
import type { VoterIdentity } from './ports.ts';

/** A person with the roles and groups that they have now. */
export interface Member extends Person {
  readonly groups: readonly string[];
}

/** Maps identities of other systems to people. An equal e-mail alone maps nobody. */
export interface Directory {
  /** As the file lists them. */
  readonly people: readonly Person[];
  /** As the file lists them: for names. What somebody may do now is what `current` says. */
  byId(id: string): Person | null;
  /** Whose account it is. */
  of(identity: VoterIdentity): Promise<Member | null>;
  current(id: string): Promise<Member | null>;
}

/** Whose account it is by the file. */
function listed(people: readonly Person[], identity: VoterIdentity): Person | null {
  const find = (matches: (person: Person) => boolean) => people.find(matches) ?? null;
  switch (identity.kind) {
    case 'slack':
      return find((person) => person.slack?.team === identity.team && person.slack.user === identity.user);
    case 'linear':
      return find((person) => person.linear === identity.user);
    case 'pagerduty':
      return find((person) => person.pagerduty === identity.user);
    case 'oidc':
      return find((person) => person.oidc === identity.subject);
    case 'service_token':
      return null;
  }
}

/** `groupsOf`: groups of a person, by id. */
export function createDirectory(people: readonly Person[], groupsOf: (id: string) => readonly string[] = () => []): Directory {
  const byId = (id: string) => people.find((person) => person.id === id) ?? null;
  const member = (person: Person | null): Member | null => (person === null ? null : { ...person, groups: groupsOf(person.id) });
  return {
    people,
    byId,
    of: async (identity) => member(listed(people, identity)),
    current: async (id) => member(byId(id)),
  };
}
