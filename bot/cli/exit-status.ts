import { ApiRefused, ApiUnavailable } from '../api/client.ts';
import { StoreUnavailable } from '../store/errors.ts';

/** What a command line ends with; documented in docs/guides/cli.md. */
export const exitStatus = { done: 0, failed: 1, wrongUse: 2, serverAway: 3, notSignedIn: 4 } as const;

const signIn: ReadonlySet<string> = new Set(['session_ended', 'session_broken', 'sign_in_failed']);

export function statusOf(error: unknown): number {
  if (error instanceof ApiUnavailable) return exitStatus.serverAway;
  if (error instanceof ApiRefused && error.problem.status === 401) return exitStatus.notSignedIn;
  if (error instanceof Error && 'code' in error && signIn.has(String(error.code))) return exitStatus.notSignedIn;
  return exitStatus.failed;
}

/** What somebody at a terminal can do about it; null where the words of the error say it. */
export function adviceOf(error: unknown): string | null {
  if (error instanceof ApiRefused && error.problem.status === 401)
    return 'Sign in (watchkeeper login), or use a service token that is valid: WATCHKEEPER_TOKEN, or watchkeeper profile add NAME --token-stdin.';
  if (error instanceof ApiUnavailable)
    return 'Which server is asked: WATCHKEEPER_URL, --profile, or watchkeeper profile list. What it says of itself: watchkeeper doctor.';
  if (error instanceof StoreUnavailable && error.reason === 'unreachable')
    return 'Postgres has to answer where DATABASE_URL says. What else is amiss: watchkeeper doctor.';
  return null;
}
