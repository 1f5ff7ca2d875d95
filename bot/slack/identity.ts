import type { WebClient } from '@slack/web-api';
import { callSlack } from './call.ts';

/** Who the bot token belongs to. */
export interface SlackIdentity {
  readonly team: string;
  readonly teamName: string;
  readonly botUser: string;
  /** Address of the workspace, with a slash at its end. */
  readonly url: string;
}

/** Asks once; a failure is not remembered. Throws SlackRefused (`invalid_auth` …) or SlackUnavailable. */
export function createIdentity(client: WebClient): () => Promise<SlackIdentity> {
  let known: SlackIdentity | null = null;
  return async () => {
    if (known !== null) return known;
    const answer = await callSlack('auth.test', () => client.auth.test());
    known = { team: answer.team_id ?? '', teamName: answer.team ?? '', botUser: answer.user_id ?? '', url: answer.url ?? '' };
    return known;
  };
}

/** Where people open a message. https://docs.slack.dev/reference/methods/chat.getPermalink gives the same for a question each. */
export function permalink({ url }: SlackIdentity, channel: string, ts: string): string {
  return `${url}archives/${channel}/p${ts.replace('.', '')}`;
}
