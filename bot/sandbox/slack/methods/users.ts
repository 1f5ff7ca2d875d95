import { cursorOf, encodeCursor, limitOf, requiredText } from '../arguments.ts';
import { SlackRefusal } from '../errors.ts';
import { botPerson, userObject } from '../people.ts';
import type { MethodTable } from './method.ts';

export const users: MethodTable = {
  'users.info': (workspace, args) => {
    const id = requiredText(args, 'user');
    const person = [...workspace.people, botPerson(workspace)].find((known) => known.id === id);
    if (person === undefined) throw new SlackRefusal('user_not_found');
    return { user: userObject(workspace, person) };
  },
  'users.lookupByEmail': (workspace, args) => {
    const email = requiredText(args, 'email').toLowerCase();
    const person = workspace.people.find((known) => known.email.toLowerCase() === email && known.deactivated !== true);
    if (person === undefined) throw new SlackRefusal('users_not_found');
    return { user: userObject(workspace, person) };
  },
  'users.list': (workspace, args) => {
    const all = [...workspace.people, botPerson(workspace)];
    const limit = limitOf(args, 1000);
    const from = Number(cursorOf(args) ?? 0);
    const next = from + limit < all.length ? encodeCursor(String(from + limit)) : '';
    return {
      members: all.slice(from, from + limit).map((person) => userObject(workspace, person)),
      cache_ts: 0,
      response_metadata: { next_cursor: next },
    };
  },
};
