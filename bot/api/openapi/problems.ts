/** What each status means here, whatever the route. */
export const problemWords: Readonly<Record<number, { readonly code: string; readonly words: string }>> = {
  400: { code: 'invalid_request', words: 'The request is not as it must be; `errors` points to what is wrong.' },
  401: { code: 'unauthorized', words: 'There is no token, or it is not valid: unknown, revoked, expired, or not for this API.' },
  403: { code: 'missing_scope', words: 'Whoever asks may not do this: scope, limits of the token, or policy.' },
  404: { code: 'not_found', words: 'There is no such thing.' },
  406: { code: 'not_acceptable', words: 'The Accept header takes nothing of what there is.' },
  409: {
    code: 'in_progress',
    words:
      'The state of the thing, or of the request with this Idempotency-Key (`in_progress`, `outcome_unknown`, `already_done`), does not allow it.',
  },
  410: { code: 'expired', words: 'It was for a time, which is over.' },
  412: { code: 'changed_meanwhile', words: 'It is not what If-Match says any more.' },
  413: { code: 'bad_request', words: 'The body is larger than this route accepts.' },
  414: { code: 'bad_request', words: 'A part of the address is longer than anything there is.' },
  415: { code: 'bad_request', words: 'The body is not JSON.' },
  422: { code: 'key_reused', words: 'It is well-formed, and contradicts what there is.' },
  429: { code: 'too_many_requests', words: 'Too many requests a minute; Retry-After says when to come again.' },
  500: { code: 'internal', words: 'A fault of the server. Its log has it under the request id.' },
  503: {
    code: 'store_unavailable',
    words:
      'Something that is needed does not answer. A write with an Idempotency-Key is not carried out twice: 409 `outcome_unknown` where it may have been.',
  },
};

export interface RouteFacts {
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
  readonly matches: boolean;
}

/** Routes that find things by something else than their path. */
const findsByOther = ['/v1/tools/call', '/v1/policy/explain', '/v1/auth'];
const expires = /\/(?:votes|break-glass|claim)$/;

/** Statuses other than success that a route can answer. */
export function problemsOf({ method, path, hasBody, matches }: RouteFacts): readonly number[] {
  if (path === '/v1/auth') return [404, 429, 500];
  if (!path.startsWith('/v1/')) return [500];
  const post = method === 'post';
  return [
    ...[400, 401, 403],
    ...(path.includes('{') || findsByOther.includes(path) ? [404] : []),
    406,
    // An entry whose node is missing cannot be proved.
    ...(post || path.endsWith('/proof') ? [409] : []),
    ...(expires.test(path) ? [410] : []),
    ...(matches ? [412] : []),
    ...(hasBody ? [413] : []),
    ...(path.includes('{') ? [414] : []),
    ...(hasBody ? [415] : []),
    ...(post ? [422] : []),
    ...[429, 500, 503],
  ];
}
