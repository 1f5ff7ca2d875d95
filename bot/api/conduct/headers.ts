import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a proxy in front may call a request: nothing that could be taken for something else in a log. */
const sane = /^[\w-]{8,64}$/;

/** The id under which the log has it. A caller's own is taken where it is sane, so that both sides' logs have the same. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && sane.test(given) ? given : randomUUID();
}

/** Of every answer. No CORS headers: no page of another origin reads anything here. `publicUrl`: where people reach this. */
export function securityHeaders(publicUrl: string | null): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(publicUrl?.startsWith('https:') === true && { 'strict-transport-security': 'max-age=31536000' }),
  };
}

/** Of every answer under /v1: nothing of it is a page. */
export const apiHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
