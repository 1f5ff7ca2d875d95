import type { Span } from '../spans.ts';

/** How far back a user and password are looked for, in characters. */
const longest = 256;

const delimiter = new Set(' \t\r\n"\'`<>=');

const networks = ['@tcp(', '@tcp6(', '@unix('];

function passwordBefore(text: string, at: number): Span | null {
  let start = at;
  while (start > 0 && at - start < longest && !delimiter.has(text.charAt(start - 1))) start--;
  const token = text.slice(start, at);
  const colon = token.indexOf(':');
  if (colon === -1 || colon === token.length - 1) return null;
  return { start: start + colon + 1, end: at, kind: 'url-password' };
}

/** Passwords of Go's MySQL data source names, `user:password@tcp(host:port)/database`: they have no scheme to start from. */
export function findGoDsnPasswords(text: string): Span[] {
  const spans: Span[] = [];
  for (const network of networks) {
    for (let at = text.indexOf(network); at !== -1; at = text.indexOf(network, at + 1)) {
      const span = passwordBefore(text, at);
      if (span !== null) spans.push(span);
    }
  }
  return spans;
}
