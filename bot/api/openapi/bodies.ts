const hash = 'a'.repeat(64);

/** Bodies as callers send them, by method and path. */
export const bodyExamples: Readonly<Record<string, unknown>> = {
  'post /v1/incidents': { title: 'is cart all right?', service: 'cart', site: 'production' },
  'post /v1/plans/{id}/votes': { verdict: 'approve', requestHash: hash, reason: 'matches the runbook' },
  'post /v1/plans/{id}/break-glass': { reason: 'checkout is down and nobody else is awake', requestHash: hash, minutes: 30 },
  'post /v1/plans/{id}/break-glass/review': { verdict: 'justified', note: 'the second approver was on a flight' },
  'post /v1/audit/verify': { from: 1 },
  'post /v1/tools/call': {
    site: 'production',
    operation: 'kubernetes.rollout_status',
    input: { kind: 'deployment', namespace: 'shop', name: 'checkout' },
  },
  'post /v1/grants/{id}/claim': { runner: 'production' },
  'post /v1/grants/{id}/refusals': {
    code: 'expired',
    runner: 'production',
    incidentId: '0199b6a0-7d0e-7c3a-9f00-5d1f0a4c2b11',
    operation: 'kubernetes.rollout_undo',
    at: '2026-01-01T10:00:00.000Z',
  },
  'post /v1/service-tokens': {
    name: 'nightly report',
    scopes: ['tools:call'],
    sites: ['production'],
    operations: ['prometheus.*'],
    expiresInDays: 30,
  },
};
