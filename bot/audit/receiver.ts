import { PeerForbidden, PeerUnavailable } from '../mirrors/errors.ts';
import { hostOf, isLoopback, shownUrl } from '../policy/bundle-url.ts';
import { type CheckpointLine, checkpointLine } from './checkpoint-file.ts';

/** Where checkpoints are posted. */
export interface ReceiverPlace {
  readonly url: string;
  /** Sent as bearer token; null: none is needed. */
  readonly token: string | null;
}

/** What is wrong with `audit.checkpoints.http.url`, in words; null: nothing. */
export function receiverProblem(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'must be a URL that starts with https://';
  if (url.protocol === 'http:' && !isLoopback(hostOf(url))) return 'must start with https://: http is for this machine only';
  if (url.username !== '' || url.password !== '') return 'must hold no user or password: name a variable in tokenVariable';
  return null;
}

/** The receiver for people, in logs and in the database: without what could be secret. */
export function receiverName({ url }: ReceiverPlace): string {
  return shownUrl(new URL(url));
}

const answerMs = 10_000;

/** One answer, its body left unread. Throws PeerUnavailable where there is none; never follows a redirect with the token. */
export async function callReceiver(place: ReceiverPlace, method: 'HEAD' | 'POST', body: string | null = null): Promise<Response> {
  const headers = {
    ...(body !== null && { 'content-type': 'application/x-ndjson' }),
    ...(place.token !== null && { authorization: `Bearer ${place.token}` }),
  };
  try {
    const response = await fetch(place.url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(answerMs) });
    await response.body?.cancel();
    return response;
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    throw new PeerUnavailable(`${receiverName(place)} ${late ? 'did not answer in time' : 'cannot be reached'}`);
  }
}

/** Seconds or a date (RFC 9110, 10.2.3) → milliseconds; null where there is none. */
function retryAfterMs(value: string | null): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

/** What an answer other than success means; null: it is one. */
export function refusalOf(
  place: ReceiverPlace,
  { ok, status, headers }: Pick<Response, 'ok' | 'status' | 'headers'>,
): PeerUnavailable | null {
  if (ok) return null;
  const answers = `${receiverName(place)} answers ${status}`;
  if (status === 401 || status === 403)
    return new PeerForbidden(`${answers}: the token is missing, or not accepted there (audit.checkpoints.http.tokenVariable)`);
  if (status === 409)
    return new PeerForbidden(`${answers}: it holds another checkpoint of that size, so this log is not the one that it knows`);
  return new PeerUnavailable(answers, retryAfterMs(headers.get('retry-after')));
}

/** Resolves when the receiver has them. It may get the same ones again. Throws PeerUnavailable. */
export async function postCheckpoints(place: ReceiverPlace, lines: readonly CheckpointLine[]): Promise<void> {
  const refusal = refusalOf(place, await callReceiver(place, 'POST', lines.map((line) => `${checkpointLine(line)}\n`).join('')));
  if (refusal !== null) throw refusal;
}
