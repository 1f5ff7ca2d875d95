import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { disconnected, refused } from './failure.ts';
import { ProviderFailed } from './provider.ts';

/** A fault of the SDK as ours. An abort of the caller's goes on as it is. */
export function openAiFailure(error: unknown): unknown {
  if (error instanceof ProviderFailed || error instanceof APIUserAbortError) return error;
  if (error instanceof APIConnectionTimeoutError) return new ProviderFailed('timeout', { cause: error });
  if (error instanceof APIConnectionError) return disconnected(error);
  if (error instanceof APIError) {
    const { status, code, type, message, headers } = error;
    return refused({ status, code: code ?? type ?? null, message, headers }, error);
  }
  // What breaks off in the middle of a stream, or is no JSON there.
  return error instanceof Error && error.name !== 'AbortError' ? new ProviderFailed('malformed', { cause: error }) : error;
}
