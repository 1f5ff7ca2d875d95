import { z } from 'zod';

/** Why a grant is refused, as the audit log has it. */
export const GrantRefusalCode = z.enum([
  'missing',
  'unknown_key',
  'bad_signature',
  'malformed',
  'too_long',
  'not_yet_valid',
  'expired',
  'other_operation',
  'other_site',
  'other_input',
  'already_claimed',
  'unknown_grant',
]);
export type GrantRefusalCode = z.infer<typeof GrantRefusalCode>;

/** Each goes on a sentence that begins with the grant. */
const words: Readonly<Record<GrantRefusalCode, string>> = {
  missing: 'is missing: a write needs one',
  unknown_key: 'is signed by an unknown key',
  bad_signature: 'has a wrong signature',
  malformed: 'has malformed claims',
  too_long: 'lives longer than 300 seconds',
  not_yet_valid: 'is not valid yet: compare the clocks of worker and runner',
  expired: 'has expired: where it came at once, compare the clocks of worker and runner',
  other_operation: 'is for another operation',
  other_site: 'is for another site',
  other_input: 'is for another input',
  already_claimed: 'was used before',
  unknown_grant: 'was never issued',
};

/** e.g. `the grant has a wrong signature`. */
export function refusalWords(code: GrantRefusalCode): string {
  return `the grant ${words[code]}`;
}

/** In an address, in place of the id of a grant that says none. */
export const noGrant = 'none';

/** What a runner tells of a refusal. Nothing of it is proved: the grant may be anybody's. */
export const GrantRefusal = z.strictObject({
  code: GrantRefusalCode,
  /** Name of the runner. */
  runner: z.string().min(1).max(200),
  incidentId: z.string().min(1).max(200),
  operation: z.string().min(1).max(200),
  /** By the runner's clock. */
  at: z.iso.datetime(),
});
export type GrantRefusal = z.infer<typeof GrantRefusal>;
