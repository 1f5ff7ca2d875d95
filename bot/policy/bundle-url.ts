import { isIP } from 'node:net';

/** A scheme makes it a URL: everything else is a directory. */
export function isBundleUrl(bundle: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(bundle);
}

/** Host of a URL as an address or a name: without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** By its name, without asking anybody. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** What is wrong with `policy.bundle`, in words; null: nothing. */
export function bundleProblem(bundle: string): string | null {
  if (!isBundleUrl(bundle)) return null;
  const url = URL.parse(bundle);
  if (url === null) return 'is not a URL';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be a directory, or a URL that starts with https://';
  if (url.protocol === 'http:' && !isLoopback(hostOf(url))) return 'must start with https://: http is for this machine only';
  if (url.username !== '' || url.password !== '') return 'must hold no user or password: set POLICY_BUNDLE_TOKEN';
  return null;
}

/** A URL for people: what could be secret (a signed query) is left out. */
export function shownUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
