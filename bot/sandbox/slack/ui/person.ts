import type { Ack } from '../delivery/transport.ts';
import { PersonRefusal } from '../errors.ts';
import { type Conversation, canSee, findConversation, findPerson } from '../people.ts';
import type { Json, LocalPerson } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** Somebody who may act: known and not deactivated. */
export function actingPerson(workspace: Workspace, idOrHandle: string): LocalPerson {
  const person = findPerson(workspace, idOrHandle);
  if (person === undefined) throw new PersonRefusal(`There is no person ${idOrHandle} in this workspace.`, 404);
  if (person.deactivated === true) throw new PersonRefusal(`${person.name} is deactivated and cannot act.`, 403);
  return person;
}

export function visibleConversation(workspace: Workspace, person: LocalPerson, id: string): Conversation {
  const conversation = findConversation(workspace, id);
  if (conversation === undefined || !canSee(person, conversation))
    throw new PersonRefusal(`${person.name} sees no conversation ${id}.`, 404);
  return conversation;
}

/** What the app answered; refuses with words where it did not. */
export function acknowledged(workspace: Workspace, ack: Ack): Json {
  if (ack.acked) return ack.payload;
  const { name } = workspace.app;
  if (ack.reason === 'connection_failed')
    throw new PersonRefusal(`${name} is not connected to this workspace right now. Nothing happened.`, 503);
  if (ack.reason === 'http_error') throw new PersonRefusal(`${name} answered with an error.`, 502);
  throw new PersonRefusal(`${name} did not answer within ${workspace.timing.ack / 1000} seconds.`, 504);
}

/** The parts that every interaction payload has. */
export function interactionBase(workspace: Workspace, person: LocalPerson): Json {
  return {
    user: { id: person.id, username: person.handle, name: person.handle, team_id: person.team ?? workspace.team.id },
    api_app_id: workspace.app.id,
    token: workspace.app.verificationToken,
    team: { id: workspace.team.id, domain: workspace.team.domain },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: workspace.triggers.issue(person.id),
  };
}
