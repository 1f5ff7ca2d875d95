import * as oidc from 'openid-client';
import type { LocalOidc } from './server.ts';

/** The hands of a person with a browser, as far as sign-in pages need one: for scenarios that run without people, and for tests. */

export interface Seen {
  /** Where the browser ended up. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Browser {
  /** Follows redirects, and what a page says to go on to at once. */
  open(url: string): Promise<Seen>;
  /** Submits the only form of a page, with these fields besides its hidden ones. */
  submit(page: Seen, fields?: Readonly<Record<string, string>>): Promise<Seen>;
  /** Cookies by name, of every host: all of them are on this machine. */
  readonly cookies: Map<string, string>;
}

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

function keepCookies(cookies: Map<string, string>, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(';');
    const at = pair.indexOf('=');
    const gone = attributes.some((each) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(each));
    if (gone) cookies.delete(pair.slice(0, at));
    else cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

/** `stopAt`: an address that no server stands behind, e.g. of a program's own callback. */
export function createBrowser(stopAt: string | null = null): Browser {
  const cookies = new Map<string, string>();

  async function go(url: string, init: RequestInit): Promise<Seen> {
    if (stopAt !== null && url.startsWith(stopAt)) return { url, status: 0, headers: new Headers(), text: '' };
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    keepCookies(cookies, response.headers);
    const text = await response.text();
    const location = response.headers.get('location') ?? /<meta http-equiv="refresh" content="0;url=([^"]+)"/.exec(text)?.[1];
    if (location !== undefined && response.status < 400) return go(new URL(unescaped(location), url).href, {});
    return { url, status: response.status, headers: response.headers, text };
  }

  return {
    cookies,
    open: (url) => go(url, {}),
    submit({ url, text }, fields = {}) {
      const action = unescaped(/<form[^>]* action="([^"]*)"/.exec(text)?.[1] ?? '');
      const hidden = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        unescaped(value),
      ]);
      const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
      return go(new URL(action, url).href, { method: 'POST', body, headers: { origin: new URL(url).origin } });
    },
  };
}

/** From a sign-in page on: chooses the person, and allows what is asked. */
export async function signIn(browser: Browser, page: Seen, account: string): Promise<Seen> {
  let seen = page;
  if (seen.text.includes('name="account"')) seen = await browser.submit(seen, { account });
  if (seen.text.includes('name="consent"')) seen = await browser.submit(seen, { consent: 'yes' });
  return seen;
}

/** Where the command line would listen; nobody does. */
export const callback = 'http://127.0.0.1:9/callback';

type CliPlace = Pick<LocalOidc, 'issuer' | 'cliClientId'>;

export function cliConfiguration({ issuer, cliClientId }: CliPlace): Promise<oidc.Configuration> {
  return oidc.discovery(new URL(issuer), cliClientId, undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] });
}

/** Tokens of an account, as the command line gets them; the access token is for `audience`. */
export async function signInAtCommandLine(server: CliPlace, audience: string, account: string, browser = createBrowser(callback)) {
  const config = await cliConfiguration(server);
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid profile email offline_access',
    resource: audience,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = await signIn(browser, await browser.open(url.href), account);
  const tokens = await oidc.authorizationCodeGrant(config, new URL(back.url), { pkceCodeVerifier: verifier }, { resource: audience });
  return { config, tokens };
}
