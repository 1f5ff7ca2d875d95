/** Reads whose credentials are the worker's: no runner makes them. Policy, evidence and gaps are those of every other read. */
export const ownReads: ReadonlySet<string> = new Set(['pagerduty.change_events']);
