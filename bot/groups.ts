import type { ConfigFile } from './config-file.ts';

/** The owners of a service are a group too; no group of the configuration can have such a name. */
export function ownersOf(service: string): string {
  return `owners:${service}`;
}

/** Every group that the configuration knows, with the ids of its members. */
export function membersByGroup({ groups, services }: Pick<ConfigFile, 'groups' | 'services'>): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ...groups.map(({ name, members }) => [name, members] as const),
    ...services.map(({ name, owners }) => [ownersOf(name), owners] as const),
  ]);
}

/** Names of the groups that a person belongs to. */
export function groupsOf(file: Pick<ConfigFile, 'groups' | 'services'>, person: string): readonly string[] {
  return [...membersByGroup(file)].flatMap(([group, members]) => (members.includes(person) ? [group] : []));
}
