/** A page of ours, as path and query; `/` for anything else: nobody is sent elsewhere by a link that only looks like ours. */
export function wayBack(to: unknown): string {
  if (typeof to !== 'string' || to.length > 2_000) return '/';
  const base = 'http://page.invalid';
  const url = URL.parse(to, base);
  if (url === null || url.origin !== base) return '/';
  const path = `${url.pathname}${url.search}${url.hash}`;
  return /^\/(?![/\\])/.test(path) ? path : '/';
}

/** Address of the sign-in page that leads there. `fresh`: with credentials given anew. */
export function loginUrl(to: string, fresh = false): string {
  const query = new URLSearchParams({ ...(to === '/' ? {} : { to }), ...(fresh ? { fresh: '1' } : {}) }).toString();
  return query === '' ? '/login' : `/login?${query}`;
}
