/** Headers that any route of a kind takes. */
export const headerParameters = {
  ifNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'Tags of answers that the caller has: 304 where it is one of them.',
    schema: { type: 'string' },
    example: '"Yk3mJq9w0b2Qn7dXeR5tUvWzA1c"',
  },
  ifMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'Tag of what a GET of the thing answered: 412 where it is another one now.',
    schema: { type: 'string' },
    example: '*',
  },
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Of the caller’s choice (e.g. a UUID), a new one for each request. For a day the same request is carried out once, and answered the same; after a fault in the middle it is 409 `outcome_unknown`.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!#-\\[\\]-~]+$' },
  },
} as const;

export const answerHeaders = {
  requestId: {
    description: 'Under which the log has the request.',
    schema: { type: 'string' },
    example: '6b1e4c1c-3a3f-4df5-9a0f-3c8e0d3f1c55',
  },
  etag: { description: 'Names this very answer.', schema: { type: 'string' }, example: '"Yk3mJq9w0b2Qn7dXeR5tUvWzA1c"' },
  rateLimit: { description: 'What is left of the minute.', schema: { type: 'string' }, example: '"caller";r=1199;t=60' },
  retryAfter: { description: 'Seconds.', schema: { type: 'integer' }, example: 5 },
} as const;

/** By the name of a parameter in the path or the query, and by its type where that is a number or a hash. What has a list of values needs none. */
export const parameterExamples: Readonly<Record<string, unknown>> = {
  id: '0199b6a0-7d0e-7c3a-9f00-5d1f0a4c2b11',
  'id:integer': 12,
  'id:hash': 'a'.repeat(64),
  'seq:integer': 1,
  'limit:integer': 50,
  'last:integer': 20,
  service: 'checkout',
  site: 'production',
  requester: 'alice',
  actor: 'person:alice',
  kind: 'plan.*',
  incident: '0199b6a0-7d0e-7c3a-9f00-5d1f0a4c2b11',
  plan: '0199b6a0-9c41-7e07-8d2a-0f6a3c9b7e55',
  operation: 'kubernetes.rollout_undo',
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
  since: '2026-01-01T00:00:00Z',
  question: 'plan',
  text: 'error rate',
};
