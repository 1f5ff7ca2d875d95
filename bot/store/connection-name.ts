/** What the pool is called in the list of connections. */
export const applicationName = 'watchkeeper';

/** What the connection is called that waits for notifications. */
export const listenerName = 'watchkeeper-notify';

/** The address with a name for the list of connections. In it, since a name beside it would lose against one that it has. */
export function named(url: string, name: string): string {
  const parsed = URL.parse(url);
  parsed?.searchParams.set('application_name', name);
  return parsed?.href ?? url;
}
