import { context, section } from './elements.ts';
import { escapeText, link } from './escape.ts';
import type { MessageView } from './slack.ts';

/** For whoever maps to nobody, alone: how they say who they are. `url` works once, for so many minutes. */
export function signInLink(url: string, minutes: number): MessageView {
  const words = 'I do not know who you are yet, so nothing was done.';
  return {
    text: `${words} Sign in here once: ${url}`,
    blocks: [
      section(
        `:bust_in_silhouette: ${words}\n*${link(url, 'Sign in once')}*, so that I know whose this Slack account is; then do it again.`,
      ),
      context(
        `The link works once, for ${minutes} minutes, and is for you alone: whoever signs in with it acts through your Slack account.`,
      ),
    ],
  };
}

/** The same where nobody can sign in. */
export function unknownPerson({ team, user }: { readonly team: string; readonly user: string }): MessageView {
  const words = 'I do not know who you are, so nothing was done.';
  const todo = `An administrator has to list you under \`people\` in the configuration, with \`slack: { team: ${escapeText(team)}, user: ${escapeText(user)} }\`.`;
  return { text: `${words} ${todo}`, blocks: [section(`:no_entry: ${words}\n${todo}`)] };
}
