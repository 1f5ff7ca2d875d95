/** Milliseconds before the expiry at which people are told for the last time. */
export const lastCallMs = 5 * 60_000;

/** The next time at which people are reminded of a plan that waits; null when none is left. Half time, and five minutes before the end. */
export function nextReminder(createdAt: number, expiresAt: number, now: number): number | null {
  const times = [createdAt + (expiresAt - createdAt) / 2, expiresAt - lastCallMs].filter(
    (at) => at > createdAt && at > now && at < expiresAt,
  );
  return times.length === 0 ? null : Math.min(...times);
}
