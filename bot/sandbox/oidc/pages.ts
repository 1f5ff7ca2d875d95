import { type Html, html } from '../../web/html.ts';
import { contentSecurityPolicy, page } from '../../web/page.ts';

/** Somebody who can sign in here. */
export interface LocalAccount {
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
}

/** A form's answer may lead back to the program that asked, which listens on this machine too. */
export const policy = contentSecurityPolicy(['http://127.0.0.1:*', 'http://localhost:*']);

const standIn = html`<p class="note">This is a stand-in for your organisation's sign-in, on this machine only. It asks for no password.</p>`;

export function chooseAccount(action: string, client: string, accounts: readonly LocalAccount[]): string {
  const choices = accounts.map(
    ({ subject, name, groups }) =>
      html`<li><button name="account" value="${subject}">${name}${groups.length === 0 ? '' : ` (${groups.join(', ')})`}</button></li>`,
  );
  const body = html`${standIn}<p>${client} wants to know who you are.</p>
<form method="post" action="${action}"><ul class="choices">${choices}</ul></form>`;
  return page({ title: 'Local sign-in: who are you?', body });
}

export function confirmClient(action: string, client: string, account: string): string {
  const body = html`${standIn}<p>You are signed in as ${account}. ${client} wants to act for you.</p>
<form method="post" action="${action}"><button name="consent" value="yes">Allow</button></form>`;
  return page({ title: 'Local sign-in: allow it?', body });
}

/** The start page: who there is. */
export function listAccounts(accounts: readonly LocalAccount[]): string {
  const rows = accounts.map(
    ({ subject, name, groups }) => html`<dt>${subject}</dt><dd>${name}, groups: ${groups.join(', ') || 'none'}</dd>`,
  );
  const body = html`${standIn}<p>You get here from a sign-in link of Watchkeeper, or from <code>watchkeeper login</code>. These can sign in:</p>
<dl>${rows}</dl><p>To be somebody else in this browser, <a href="/session/end">sign out</a> first.</p>`;
  return page({ title: 'Local sign-in', body });
}

export function signedOut(): string {
  return page({ title: 'Signed out', body: html`<p>The next sign-in asks again who you are.</p>` });
}

export function askSignOut(form: Html): string {
  const body = html`${form}<p><button form="op.logoutForm" name="logout" value="yes">Sign out</button></p>`;
  return page({ title: 'Sign out?', body });
}

/** `problem`: what was wrong with the code that was typed before; null at first. */
export function askUserCode(form: Html, problem: string | null): string {
  const said = html`<p>${problem ?? 'Type the code that the command line shows.'}</p>`;
  return page({ title: 'Connect a command line', body: html`${said}${form}<p><button form="op.deviceInputForm">Continue</button></p>` });
}

export function confirmUserCode(form: Html, client: string, userCode: string): string {
  const body = html`<p>${client} shows this code: <strong>${userCode}</strong>. Does it? Whoever started it acts for you from then on.</p>
${form}<p><button form="op.deviceConfirmForm">Yes, continue</button>
<button form="op.deviceConfirmForm" name="abort" value="yes">No, stop</button></p>`;
  return page({ title: 'Is it your command line?', body });
}

export function connected(client: string): string {
  return page({ title: 'Signed in', body: html`<p>${client} is signed in. You can close this page.</p>` });
}

export function failed(words: string): string {
  return page({ title: 'This sign-in cannot go on', body: html`<p>${words}</p><p>Start again where you came from.</p>` });
}
