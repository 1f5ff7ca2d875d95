import {
  AuthenticationLinearError,
  FeatureNotAccessibleLinearError,
  ForbiddenLinearError,
  GraphqlLinearError,
  InvalidInputLinearError,
  LinearError,
  RatelimitedLinearError,
  UserLinearError,
} from '@linear/sdk';
import { PeerForbidden, PeerRefused, PeerUnavailable } from '../errors.ts';

const refusals = [InvalidInputLinearError, UserLinearError, GraphqlLinearError, FeatureNotAccessibleLinearError];

function retryAfterMs(error: RatelimitedLinearError): number | null {
  if (error.retryAfter !== undefined) return error.retryAfter * 1_000;
  const resets = [error.requestsResetAt, error.complexityResetAt].filter((at) => at !== undefined);
  return resets.length === 0 ? null : Math.max(1_000, Math.min(...resets) - Date.now());
}

/** The SDK's errors hold the request and the answer: neither is kept. */
export function peerErrorOf(error: unknown): PeerUnavailable | PeerRefused {
  if (!(error instanceof LinearError)) return new PeerUnavailable('Linear could not be asked');
  if (error instanceof RatelimitedLinearError) return new PeerUnavailable('Linear limits the rate', retryAfterMs(error), 'no');
  const said = error.errors?.[0]?.message ?? 'no reason given';
  if (refusals.some((refusal) => error instanceof refusal)) return new PeerRefused(`Linear refused: ${said}`);
  // A key can be corrected: the decisions wait for it.
  if (error instanceof AuthenticationLinearError || error instanceof ForbiddenLinearError)
    return new PeerForbidden('Linear does not accept the API key', null, 'no');
  return new PeerUnavailable(error.status === undefined ? 'Linear did not answer' : `Linear answered ${error.status}`);
}
