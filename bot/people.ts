import type { Role } from '../policy/contract/basics.ts';
import type { Person } from './config-file.ts';
import type { VoterIdentity } from './ports.ts';

/** A person with the roles and groups that they have now. */
export interface Member extends Person {
  readonly groups: readonly string[];
}

type PersonIdentity = Exclude<VoterIdentity, { kind: 'service_token' }>;

/** What people linked themselves, beside the file, and what their last sign-in gives them. Throws StoreUnavailable. */
export interface LinkedAccounts {
  /** Id of the person whose account it is; null: nobody has linked it. */
  personOf(identity: PersonIdentity): Promise<string | null>;
  /** The Slack user in that team which a person has linked. */
  slackUserOf(person: string, team: string): Promise<string | null>;
  /** Beside what the file says. */
  given(person: Person): Promise<{ readonly roles: readonly Role[]; readonly groups: readonly string[] }>;
}

/**
 * Maps identities of other systems to people: by the file, and else by what people have linked. The file wins: who is listed with an
 * account of a kind has no other one of that kind, and an account that is listed belongs to nobody else. Throws StoreUnavailable.
 */
export interface Directory {
  /** As the file lists them. */
  readonly people: readonly Person[];
  /** As the file lists them: for names. What somebody may do now is what `current` says. */
  byId(id: string): Person | null;
  /** Whose account it is. */
  of(identity: VoterIdentity): Promise<Member | null>;
  current(id: string): Promise<Member | null>;
  /** Somebody's account in that Slack team, or the one that the file lists for whatever team. */
  slackOf(person: Person, team: string): Promise<{ readonly team: string; readonly user: string } | null>;
}

export interface DirectoryOptions {
  /** Nothing was linked, unless given. */
  readonly linked?: LinkedAccounts;
  /** Groups by the file, of a person's id; none unless given. */
  readonly groupsOf?: (person: string) => readonly string[];
}

const nothingLinked: LinkedAccounts = {
  personOf: async () => null,
  slackUserOf: async () => null,
  given: async () => ({ roles: [], groups: [] }),
};

/** Whose account it is by the file. */
function listed(people: readonly Person[], identity: PersonIdentity): Person | null {
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
  }
}

const union = <T>(one: readonly T[], other: readonly T[]): T[] => [...new Set([...one, ...other])];

export function createDirectory(
  people: readonly Person[],
  { linked = nothingLinked, groupsOf = () => [] }: DirectoryOptions = {},
): Directory {
  const byId = (id: string) => people.find((person) => person.id === id) ?? null;

  async function member(person: Person | null): Promise<Member | null> {
    if (person === null) return null;
    const { roles, groups } = await linked.given(person);
    return { ...person, roles: union(person.roles, roles), groups: union(groupsOf(person.id), groups) };
  }

  async function byLink(identity: PersonIdentity): Promise<Person | null> {
    const id = await linked.personOf(identity);
    const person = id === null ? null : byId(id);
    return person?.[identity.kind] === undefined ? person : null;
  }

  return {
    people,
    byId,
    async of(identity) {
      if (identity.kind === 'service_token') return null;
      return member(listed(people, identity) ?? (await byLink(identity)));
    },
    current: (id) => member(byId(id)),
    async slackOf(person, team) {
      if (person.slack !== undefined) return person.slack;
      const user = await linked.slackUserOf(person.id, team);
      // Listed for somebody else since it was linked.
      return user === null || listed(people, { kind: 'slack', team, user }) !== null ? null : { team, user };
    },
  };
}
