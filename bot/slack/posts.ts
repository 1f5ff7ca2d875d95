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
  /** Those whose key starts with `prefix`. */
  under(prefix: string): Promise<readonly (SlackPost & { readonly key: string })[]>;
  /** Inserts or replaces. */
  save(key: string, post: SlackPost): Promise<void>;
}

/** A file that was uploaded. `file` is null until its content is in Slack. */
export interface SlackFileState {
  readonly file: string | null;
  readonly permalink: string | null;
}

/** Kept by the store, shared by all processes: each file is shared once, by one of them at a time. */
export interface SlackFiles {
  /** Those of the keys that people see. */
  shared(keys: readonly string[]): Promise<ReadonlyMap<string, SlackFileState>>;
  /** How far it is; null when it is shared already, or when another process has it. To be settled or released. */
  claim(key: string): Promise<SlackFileState | null>;
  uploaded(key: string, file: string): Promise<void>;
  settle(key: string, permalink: string | null): Promise<void>;
  release(key: string): Promise<void>;
}
