import { PeerForbidden, PeerUnavailable } from '../mirrors/errors.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it; null when it is fine. */
  readonly todo: string | null;
}

export const fine = (name: string, detail: string): Finding => ({ name, ok: true, detail, todo: null });
export const problem = (name: string, detail: string, todo: string): Finding => ({ name, ok: false, detail, todo });

/** The words of an error that is meant for people; never its stack. */
export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : 'an unknown fault');

/** It was not reached, as opposed to a peer that lets nobody in. */
export const isAway = (error: unknown): boolean => error instanceof PeerUnavailable && !(error instanceof PeerForbidden);

/** Asks whether something is to be made; false leaves everything as it is. */
export type Confirm = (question: string) => Promise<boolean>;
