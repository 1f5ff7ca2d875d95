import type { ToolErrorCode } from './contract.ts';

const unclear: readonly ToolErrorCode[] = ['timeout', 'cancelled', 'unreachable', 'grant_claimed'];

/** Whether it is not known, after that failure, if the system did what it was told, or still does. */
export function isUnclear(code: ToolErrorCode): boolean {
  return unclear.includes(code);
}

const before: readonly ToolErrorCode[] = [
  ...(['unknown_operation', 'bad_contract', 'version_skew', 'grant_missing', 'grant_invalid'] as const),
  ...(['ledger_unavailable', 'cli_missing', 'busy'] as const),
];

/** Whether that failure comes from before anything was started or sent. */
export function neverStarted(code: ToolErrorCode): boolean {
  return before.includes(code);
}
