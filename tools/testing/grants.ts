import { contentHash } from '../canonical.ts';
import type { GrantClaims } from '../contract.ts';

/** The write of the tests. */
export const undoInput = { kind: 'deployment', namespace: 'shop', name: 'web', toRevision: 2 };

/** Claims that fit it at site `production`. */
export function grantClaims(more: Partial<GrantClaims>): GrantClaims {
  return {
    jti: 'grant-1',
    iat: 0,
    exp: 120,
    requestHash: 'a'.repeat(64),
    planId: 'plan-1',
    stepId: 'step-1',
    operation: 'kubernetes.rollout_undo',
    inputSha256: contentHash(undoInput),
    site: 'production',
    policyBundle: 'c'.repeat(64),
    ...more,
  };
}
