/** A bundle that may not decide; the message says why. */
export class BundleRefused extends Error {
  readonly code = 'policy_bundle_refused';
  /** It may be good all the same: this machine was slow, or something was away. It is worth another look. */
  readonly passing: boolean;
  constructor(reason: string, cause?: unknown, passing = false) {
    super(reason, { cause });
    this.name = 'BundleRefused';
    this.passing = passing;
  }
}
