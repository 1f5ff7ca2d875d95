import { createHmac } from 'node:crypto';
import type { Json } from '../types.ts';
import type { Ack, EnvelopeKind, Retry, Transport } from './transport.ts';

export interface SignedHttpParts {
  readonly requestUrl: string;
  readonly signingSecret: string;
  /** Milliseconds. */
  readonly ack: number;
}

/** Bolt compares content types exactly: no charset parameter, as Slack sends none. */
function encode(kind: EnvelopeKind, payload: Json): { type: string; body: string } {
  if (kind === 'events_api') return { type: 'application/json', body: JSON.stringify(payload) };
  const form = 'application/x-www-form-urlencoded';
  if (kind === 'interactive') return { type: form, body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() };
  return {
    type: form,
    body: new URLSearchParams(Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)])).toString(),
  };
}

/** `v0=` and the HMAC of version, timestamp (seconds) and body: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function sign(signingSecret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

async function readAnswer(response: Response): Promise<Ack> {
  const text = await response.text();
  if (!response.ok) return { acked: false, reason: 'http_error' };
  try {
    const parsed: unknown = JSON.parse(text);
    return { acked: true, payload: typeof parsed === 'object' && parsed !== null ? (parsed as Json) : {} };
  } catch {
    return { acked: true, payload: text === '' ? {} : { text } };
  }
}

/** Slack's other transport: one signed POST per payload. */
export function createSignedHttp(parts: SignedHttpParts): Transport {
  async function post(kind: EnvelopeKind, payload: Json, retry: Retry): Promise<Ack> {
    const { type, body } = encode(kind, payload);
    const timestamp = Math.floor(Date.now() / 1000);
    const headers: Record<string, string> = {
      'content-type': type,
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': sign(parts.signingSecret, timestamp, body),
      ...(retry.attempt > 0 ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason } : {}),
    };
    try {
      return await readAnswer(
        await fetch(parts.requestUrl, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(parts.ack) }),
      );
    } catch (error) {
      return { acked: false, reason: error instanceof Error && error.name === 'TimeoutError' ? 'http_timeout' : 'connection_failed' };
    }
  }
  return { ready: () => true, deliver: (kind, payload, retry = { attempt: 0, reason: '' }) => post(kind, payload, retry) };
}
