import { oneLine } from './escape.ts';
import { truncate } from './truncate.ts';

/** Somebody who is to be told: with a Slack user id where they have one. */
export interface Addressee {
  readonly name: string;
  readonly user: string | null;
}

/** The mention of a user; a name where the id is none of Slack's. */
export function mention({ name, user }: Addressee): string {
  return user !== null && /^[UW][A-Z0-9]{1,30}$/.test(user) ? `<@${user}>` : truncate(oneLine(name), 40) || '(no name)';
}
