/** How a commit stands to another: `newer`: it holds the other; `other`: neither holds the other. */
export type Order = 'same' | 'newer' | 'older' | 'other';

/** What was merged, and what is found elsewhere. */
export interface Pair {
  readonly merged: string;
  readonly found: string;
}
