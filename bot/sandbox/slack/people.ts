import { SlackRefusal } from './errors.ts';
import type { Json, LocalPerson } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface Conversation {
  readonly id: string;
  /** `im` is the direct message between one person and the app. */
  readonly kind: 'channel' | 'im';
  readonly name: string;
  readonly topic: string;
  readonly external: boolean;
  /** The person of a direct message. */
  readonly user: string | null;
}

export function findPerson(workspace: Workspace, idOrHandle: string): LocalPerson | undefined {
  return workspace.people.find((person) => person.id === idOrHandle || person.handle === idOrHandle);
}

/** The direct message of a person with the app: the id follows from the person's. */
export function directMessageOf(person: LocalPerson): Conversation {
  return { id: `D${person.id.slice(1)}`, kind: 'im', name: person.handle, topic: '', external: false, user: person.id };
}

export function findConversation(workspace: Workspace, id: string): Conversation | undefined {
  const channel = workspace.channels.find((known) => known.id === id);
  if (channel !== undefined) return { ...channel, kind: 'channel', external: channel.external === true, user: null };
  const person = workspace.people.find((known) => id === `D${known.id.slice(1)}`);
  return person === undefined ? undefined : directMessageOf(person);
}

/** A conversation that the app names; a user id means the direct message with that user. Refuses with `channel_not_found`. */
export function conversationFor(workspace: Workspace, id: string): Conversation {
  const person = workspace.people.find((known) => known.id === id);
  const conversation = person === undefined ? findConversation(workspace, id) : directMessageOf(person);
  if (conversation === undefined) throw new SlackRefusal('channel_not_found');
  return conversation;
}

/** People of a foreign team see shared channels only; a direct message belongs to one person. */
export function canSee(person: LocalPerson, conversation: Conversation): boolean {
  if (conversation.kind === 'im') return conversation.user === person.id;
  return person.team === undefined || conversation.external;
}

/** A user object as `users.info` gives it. */
export function userObject(workspace: Workspace, person: LocalPerson): Json {
  const foreign = person.team !== undefined && person.team !== workspace.team.id;
  return {
    id: person.id,
    team_id: person.team ?? workspace.team.id,
    name: person.handle,
    real_name: person.name,
    deleted: person.deactivated === true,
    ...(foreign ? { is_stranger: true } : {}),
    profile: { real_name: person.name, display_name: person.handle, email: person.email, team: person.team ?? workspace.team.id },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: person.guest === true,
    is_ultra_restricted: false,
    is_bot: person.bot === true,
    is_app_user: false,
    tz: 'UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    updated: 0,
  };
}

/** The app's own user. */
export function botPerson(workspace: Workspace): LocalPerson {
  return { id: workspace.app.botUserId, handle: workspace.app.handle, name: workspace.app.name, email: '', bot: true };
}

/** A conversation object as `conversations.info` gives it. */
export function conversationObject(workspace: Workspace, conversation: Conversation): Json {
  const shared = {
    id: conversation.id,
    created: 0,
    is_archived: false,
    is_org_shared: false,
    context_team_id: workspace.team.id,
    updated: 0,
  };
  if (conversation.kind === 'im')
    return { ...shared, is_im: true, is_channel: false, user: conversation.user, is_user_deleted: false, priority: 0 };
  return {
    ...shared,
    name: conversation.name,
    name_normalized: conversation.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_general: false,
    is_member: true,
    is_shared: conversation.external,
    is_ext_shared: conversation.external,
    creator: workspace.app.botUserId,
    topic: { value: conversation.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: workspace.people.length + 1,
  };
}
