const address = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;

function hostOnly(text: string): string {
  const url = URL.parse(text);
  if (url === null) return `${text.slice(0, text.indexOf(':'))}://…`;
  const isWhole = url.username === '' && url.password === '' && url.search === '' && url.hash === '' && /^\/?$/.test(url.pathname);
  return `${url.protocol}//${url.host}${isWhole ? '' : '/…'}`;
}

/** Text in which addresses are scheme and host: a path can be a token (of a webhook), as well as a query. What is left out is shown by `…`. */
export function hostsOnly(text: string): string {
  return text.replaceAll(address, hostOnly);
}

/** As `hostsOnly`, every text in a value; its keys stay. */
export function hostsOnlyIn(value: unknown): unknown {
  if (typeof value === 'string') return hostsOnly(value);
  if (Array.isArray(value)) return value.map(hostsOnlyIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hostsOnlyIn(inner)]));
}
