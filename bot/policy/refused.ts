/** A bundle that may not decide; the message says why. */
export class BundleRefused extends Error {
  readonly code = 'policy_bundle_refused';
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'BundleRefused';
  }
}
