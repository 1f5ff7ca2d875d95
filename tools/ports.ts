import type { GrantClaims, Observation } from './contract.ts';
import type { GrantRefusal, GrantRefusalCode } from './grant-refusal.ts';

/** Removes secrets. Implemented in tools/redaction; every text that leaves a runner has passed it. */
export interface Redactor {
  /** `count` is how many secrets were replaced. */
  text(text: string): { readonly text: string; readonly count: number };
  /** Redacts every string of a JSON value; the shape stays. */
  value(value: unknown): { readonly value: unknown; readonly count: number };
  /** Changes whenever the rules change; kept with each observation. */
  readonly version: string;
}

/** Learns credentials as the process makes or reads them. Whoever holds it masks what was learnt meanwhile. */
export interface GrowingRedactor extends Redactor {
  learn(secrets: readonly string[]): void;
}

/** Shared by all runners of a site, so that a grant is used once. */
export interface GrantLedger {
  /** Rejects when the ledger cannot be asked; the caller must not write then. */
  claim(claims: GrantClaims, runner: string): Promise<'claimed' | 'already_claimed'>;
}

/** Content-addressed, idempotent. */
export interface ObservationSink {
  /** Resolves to the observation's id: the SHA-256 of its RFC 8785 form. */
  put(observation: Observation): Promise<string>;
}

/** Checks a compact JWS: signature, key, times and shape. What it is for is matched by `matchGrant`. */
export interface GrantVerifier {
  verify(token: string, now: Date): Promise<GrantVerdict>;
}

export type GrantVerdict =
  | { readonly kind: 'valid'; readonly claims: GrantClaims }
  | { readonly kind: 'invalid'; readonly code: GrantRefusalCode };

/** Hears why grants were refused. */
export interface GrantRefusals {
  /** `jti`: as the grant says, unproved; null when it says nothing. Rejects when it could not be told. */
  report(jti: string | null, refusal: GrantRefusal): Promise<void>;
}
