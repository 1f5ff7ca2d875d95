import { clean } from '../../tools/clean.ts';
import type { LinkCode } from '../store/link-codes.ts';
import { type Html, html } from './html.ts';
import type { Page } from './page.ts';

/** A name that somebody gave themselves: on one line, without what cannot be seen. */
const shown = (name: string) => clean(name).replaceAll(/\s+/g, ' ').slice(0, 80);

function account({ team, user, teamName, userName }: LinkCode): Html {
  return html`<dl><dt>Slack workspace</dt><dd>${shown(teamName)} (${team})</dd><dt>Slack account</dt><dd>${shown(userName)} (${user})</dd></dl>`;
}

/** `token` proves that the form came from this page in this browser. */
export function askToLink(code: LinkCode, action: string, token: string): Page {
  const body = html`${account(code)}
<p>Sign in, and this Slack account is known as yours: what is asked and approved with it counts as asked and approved by you.</p>
<p class="note">Go on only if you asked for this link yourself, in Slack, just now. If somebody sent it to you, they want to act as you: close this page.</p>
<form method="post" action="${action}"><input type="hidden" name="token" value="${token}"><button>Yes, it is mine: sign in</button></form>`;
  return { title: 'Is this your Slack account?', body };
}

export function goOn(url: string): Page {
  return { title: 'Going on to the sign-in', body: html`<p><a class="button" href="${url}">Sign in</a></p>`, onward: url };
}

export function linked(name: string, code: LinkCode): Page {
  const body = html`${account(code)}<p>This Slack account is known as ${name} from now on. Go back to Slack, and do again what you wanted to do.</p>`;
  return { title: 'Done', body };
}

export function words(title: string, text: string): Page {
  return { title, body: html`<p>${text}</p>` };
}
