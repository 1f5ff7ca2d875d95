/** Which message stands for what. `ts` is empty while the result of the first attempt is not known. */
export interface SlackPost {
  readonly channel: string;
  readonly ts: string;
  /** SHA-256 of what was posted last: an unchanged message is not sent again. */
  readonly hash: string;
}

/** Kept by the store, shared by all processes. */
export interface SlackPosts {
  find(key: string): Promise<SlackPost | null>;
  /** Inserts or replaces. */
  save(key: string, post: SlackPost): Promise<void>;
}
