import type { Seen } from './seen.ts';

/** What a kind of change can bring about depends on where it happens. */
export type ChangeKind = 'rollout' | 'delivery' | 'scaling' | 'node' | 'configuration' | 'merge' | 'announced' | 'cloud';

/** Something that was changed, as it is told by a system that keeps a history. */
export interface SeenChange extends Seen {
  readonly kind: ChangeKind;
  /** Whose clock its time is of, for people. */
  readonly source: string;
  readonly entity: { readonly kind: string; readonly namespace: string | null; readonly name: string };
  /** Configured services that it belongs to, as `namespace/name`. */
  readonly services: readonly string[];
  /** Seconds before the snapshot; below 0 where that clock is ahead. */
  readonly age: number;
  readonly words: string;
  /** Where people can read more; null: nowhere. */
  readonly url: string | null;
}
