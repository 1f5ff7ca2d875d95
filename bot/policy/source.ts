import type { PolicyBundle } from '../../policy/decide.ts';

/** A bundle that was good, and when it was kept (RFC 3339). */
export interface KeptBundle {
  readonly bundle: PolicyBundle;
  readonly at: string;
}

/** Where an operator's bundle comes from. */
export interface BundleSource {
  /** For people. Holds no secret. */
  readonly name: string;
  /** Milliseconds between two looks when nothing says that it changed. */
  readonly pollMs: number;
  /** What is there now. Throws BundleRefused. */
  read(): Promise<PolicyBundle>;
  /** Calls when it may have changed; answers how to stop that. */
  watch(changed: () => void): () => void;
  /** For a start at which nothing good is there: the last bundle that was. Null: none is kept. Throws BundleRefused when it is damaged. */
  kept(): Promise<KeptBundle | null>;
  /** Keeps a bundle that was found good. Throws when it cannot be written. */
  keep(bundle: PolicyBundle): Promise<void>;
}
