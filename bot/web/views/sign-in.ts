import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';

export type SignInState =
  /** No identity provider is configured. */
  | { readonly kind: 'no_issuer' }
  /** Nobody could come back from the sign-in. */
  | { readonly kind: 'no_address' }
  | { readonly kind: 'ready'; readonly issuer: string; readonly go: string; readonly fresh: boolean; readonly out: boolean };

function noIssuer(): Html {
  return html`<p>People cannot sign in here: no identity provider is configured.</p>
<p>An administrator sets <code>OIDC_ISSUER</code> to its address, <code>OIDC_CLIENT_ID</code> and <code>OIDC_CLIENT_SECRET</code> to the client’s, and <code>PUBLIC_URL</code> to the address of these pages; the provider sends people back to <code>/auth/callback</code> there.</p>
<p>Until then, approve plans in Slack, and look with the command line and a service token: <code>watchkeeper incidents list</code>.</p>`;
}

function noAddress(): Html {
  return html`<p>People cannot sign in here yet: nobody would find the way back from the identity provider.</p>
<p>An administrator sets <code>PUBLIC_URL</code> to the address at which people reach these pages.</p>`;
}

export function signIn(state: SignInState): View {
  if (state.kind === 'no_issuer') return { title: 'Sign in', body: noIssuer(), status: 503 };
  if (state.kind === 'no_address') return { title: 'Sign in', body: noAddress(), status: 503 };
  const why = state.fresh
    ? html`<p>What you are about to do needs proof of who you are that is less than five minutes old. You come back to the page afterwards, and what you typed is still there.</p>`
    : html`<p>See incidents, evidence and plans, and vote on them.</p>`;
  const body = html`${why}<p><a class="button primary" href="${state.go}">Sign in with ${new URL(state.issuer).host}</a></p>`;
  const notice = state.out ? 'You are signed out.' : null;
  return { title: state.fresh ? 'Sign in again' : 'Sign in', body, notice };
}

export function notSignedIn(again: string): View {
  const body = html`<p>The identity provider did not say who you are.</p><p><a class="button" href="${again}">Try again</a></p>`;
  return { title: 'You are not signed in', body, status: 400 };
}

export function signingOut(url: string): View {
  return {
    title: 'Signed out here',
    body: html`<p>Going on to the identity provider: <a href="${url}">sign out there too</a>.</p>`,
    onward: url,
    signedOut: true,
  };
}
