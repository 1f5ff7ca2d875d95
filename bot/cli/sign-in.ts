import {
  AuthorizationResponseError,
  type Configuration,
  ResponseBodyError,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client';
import { clean } from '../../tools/clean.ts';
import type { SignInAnswer } from '../api/routes/auth.ts';
import type { Out } from './out.ts';

/** How the command line gets a person's tokens; what they have to do is said by `out.note`. Throws SignInFailed. */
export type SignIn = (
  configuration: Configuration,
  place: SignInAnswer,
  out: Out,
) => Promise<TokenEndpointResponse & TokenEndpointResponseHelpers>;

function wordsOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError)
    return clean(error.error_description ?? error.error).slice(0, 200);
  return error instanceof Error ? error.message : 'unknown fault';
}

/** The issuer gave no tokens; the message has its words. */
export class SignInFailed extends Error {
  readonly code = 'sign_in_failed';
  constructor(cause: unknown) {
    super(`you are not signed in: ${wordsOf(cause)}`, { cause });
    this.name = 'SignInFailed';
  }
}
