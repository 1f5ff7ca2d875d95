import { contentHash } from '../tools/canonical.ts';
import type { Plan } from './contracts/plan.ts';

/**
 * What an approval names: SHA-256 of the RFC 8785 form of the plan. The plan holds per step the resolved argv with the hash of its
 * standard input (or method, URL and body hash), the target's UID and generation (preconditions), the digest of the normalised dry
 * run, and once each the policy bundle's hash, the redaction version, the expiry and the nonce.
 */
export function requestHash(plan: Plan): string {
  return contentHash(hashed(plan));
}

/** What plans gained with time is left out where it says nothing: a plan that was stored before keeps the hash that was approved. */
function hashed({ approval: { groups, ...approval }, steps, provenance, ...plan }: Plan): unknown {
  return {
    ...plan,
    ...(provenance === null ? {} : { provenance }),
    approval: groups.length === 0 ? approval : { ...approval, groups },
    steps: steps.map(({ impact, ownership, ...step }) => ({
      ...step,
      ...(impact === null ? {} : { impact }),
      ...(ownership === null ? {} : { ownership }),
    })),
  };
}
