/** Milliseconds that an answer asks to wait, by `retry-after` (seconds or a date) or `ratelimit-reset` (seconds); null where it names none. */
export function retryAfterMs(header: (name: string) => string | readonly string[] | null | undefined): number | null {
  for (const name of ['retry-after', 'ratelimit-reset']) {
    const value = header(name);
    if (typeof value !== 'string' || value === '') continue;
    const seconds = Number(value);
    if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
    const at = Date.parse(value);
    if (!Number.isNaN(at)) return Math.max(0, at - Date.now());
  }
  return null;
}
